/*
 * compiled.h: the databases of a plan, one a scope, and their form in a file.
 *
 * The form is the size of each database's serialized form, 0 where a scope has none, and these one after the
 * other. Its key is a hash of all expressions, Hyperscan's version and the processor level.
 */
#ifndef SILT_MATCH_COMPILED_H
#define SILT_MATCH_COMPILED_H

#include "base/buffer.h"
#include "base/digest.h"
#include "base/region.h"
#include "match/plan.h"

/* Zero-initialise. */
struct silt_compiled {
    hs_database_t *databases[SILT_SCOPE_COUNT]; /* NULL where no signature has that scope */
    struct silt_region memory;                  /* where those lie that were read; not so compiled ones */
};

/* The key of what compiling a plan gives. */
SILT_MUST_USE enum silt_status silt_compiled_key(const struct silt_plan *plan, enum silt_level level,
                                                 struct silt_digest *out, struct silt_error *error);

/* Compiles. An expression that Hyperscan does not take is SILT_ERR_USAGE with file and id of its signature.
 * Clear `out` in any case. */
SILT_MUST_USE enum silt_status silt_compiled_make(const struct silt_plan *plan, enum silt_level level,
                                                  struct silt_compiled *out, struct silt_error *error);

/* Appends the form. */
SILT_MUST_USE enum silt_status silt_compiled_print(const struct silt_compiled *compiled,
                                                   struct silt_buffer *out, struct silt_error *error);

/* Reads the form. SILT_ERR_CORRUPT for what is none; but what is inside of a database nobody can check, so
 * that the bytes must come from a file that is trusted. Clear `out` in any case. */
SILT_MUST_USE enum silt_status silt_compiled_parse(struct silt_span bytes, struct silt_compiled *out,
                                                   struct silt_error *error);

/* Frees the databases and leaves it zero. */
void silt_compiled_clear(struct silt_compiled *compiled);

#endif
