/*
 * globs.h: path globs (base/glob.h) as expressions, so that one call tells which of a hundred fit a path.
 */
#ifndef SILT_MATCH_GLOBS_H
#define SILT_MATCH_GLOBS_H

#include "base/buffer.h"

/* Appends an expression that matches, from end to end, at least every path that the glob matches. */
SILT_MUST_USE enum silt_status silt_globs_print(const char *glob, struct silt_buffer *out,
                                                struct silt_error *error);

#endif
