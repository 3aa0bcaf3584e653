/*
 * database.h: expressions compiled by Hyperscan, and their form on disk.
 *
 * A file is a header (magic, level, key, size and SHA-256 of what follows) and Hyperscan's own serialized
 * form. The key is a hash of all expressions and of Hyperscan's version. A file that is not exactly what is
 * asked for, or is damaged, is as good as none: the caller compiles anew.
 */
#ifndef SILT_MATCH_DATABASE_H
#define SILT_MATCH_DATABASE_H

#include "base/array.h"
#include "base/buffer.h"
#include "base/digest.h"

#include <hs/hs.h>

/* Processor levels of the x86-64 psABI, for which code can be compiled. */
enum silt_level { SILT_LEVEL_V2, SILT_LEVEL_V3, SILT_LEVEL_V4, SILT_LEVEL_COUNT };

/* "x86-64-v2" and so on. */
const char *silt_database_level_name(enum silt_level level);

/* Whether this machine runs code of a level; the highest that it runs, V2 at least. */
enum silt_level silt_database_level_here(void);

/* One expression, or plain text, to compile. */
struct silt_expression {
    const char *text; /* an expression ends with a NUL; text may hold any bytes */
    size_t size;
    unsigned flags; /* Hyperscan's */
    unsigned id;    /* what matches carry */
};

/* The key of expressions (an array of struct silt_expression) and all else that decides what compiling gives.
 */
SILT_MUST_USE enum silt_status silt_database_key(const struct silt_array *expressions,
                                                 struct silt_digest *out, struct silt_error *error);

/* Compiles expressions, or, where `is_text`, plain texts. On failure `*culprit` is the index of the
 * expression at fault, or -1. Free with hs_free_database.
 */
SILT_MUST_USE enum silt_status silt_database_compile(const struct silt_array *expressions, bool is_text,
                                                     enum silt_level level, hs_database_t **out, int *culprit,
                                                     struct silt_error *error);

/* Appends the form on disk. */
SILT_MUST_USE enum silt_status silt_database_print(const hs_database_t *database, enum silt_level level,
                                                   const struct silt_digest *key, struct silt_buffer *out,
                                                   struct silt_error *error);

/* Reads the form on disk: SILT_ERR_CORRUPT if it is damaged, SILT_ERR_NOT_FOUND if it is not of this level
 * and key. */
SILT_MUST_USE enum silt_status silt_database_parse(struct silt_span bytes, enum silt_level level,
                                                   const struct silt_digest *key, hs_database_t **out,
                                                   struct silt_error *error);

#endif
