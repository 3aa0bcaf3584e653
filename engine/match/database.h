/*
 * database.h: expressions compiled by Hyperscan for a processor level.
 */
#ifndef SILT_MATCH_DATABASE_H
#define SILT_MATCH_DATABASE_H

#include "base/array.h"

#include <hs/hs.h>
#include <stdbool.h>

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

/* Compiles expressions, or, where `is_text`, plain texts. On failure `*culprit` is the index of the
 * expression at fault, or -1. Free with hs_free_database. */
SILT_MUST_USE enum silt_status silt_database_compile(const struct silt_array *expressions, bool is_text,
                                                     enum silt_level level, hs_database_t **out, int *culprit,
                                                     struct silt_error *error);

#endif
