/*
 * plan_file.h: a plan in a file. Making one means to read a thousand patterns, which takes longer than all
 * else that silt does before the first byte.
 *
 * The form: how much there is of all; the rules as they lie in memory, without their signature; for each
 * expression where its text begins, its flags and its rule, scope after scope; the texts, the last of which
 * ends with a NUL.
 */
#ifndef SILT_MATCH_PLAN_FILE_H
#define SILT_MATCH_PLAN_FILE_H

#include "base/buffer.h"
#include "base/digest.h"
#include "match/plan.h"

/* The key of what silt_plan_make gives for a set. */
SILT_MUST_USE enum silt_status silt_plan_file_key(const struct silt_signatures *set, struct silt_digest *out,
                                                  struct silt_error *error);

/* Appends the form. */
SILT_MUST_USE enum silt_status silt_plan_file_print(const struct silt_plan *plan, struct silt_buffer *out,
                                                    struct silt_error *error);

/* Reads the form of the plan of a set; the bytes are not needed any more then. Takes any bytes:
 * SILT_ERR_CORRUPT for what is no such form. Clear `out` in any case. */
SILT_MUST_USE enum silt_status silt_plan_file_parse(struct silt_span bytes, const struct silt_signatures *set,
                                                    struct silt_plan *out, struct silt_error *error);

#endif
