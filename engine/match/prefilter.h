/*
 * prefilter.h: what Hyperscan looks for in place of a full pattern.
 *
 * A prefilter is a cheap expression and a reach: for every match of the pattern that starts at s, the
 * prefilter has a match that ends in (s, s + reach]. How it is made from a pattern (README.md says why):
 * - assertions are dropped;
 * - what stands before the first selective part is dropped, or cut to its least length, and counted in the
 * reach;
 * - everything behind enough selective bytes is cut off.
 */
#ifndef SILT_MATCH_PREFILTER_H
#define SILT_MATCH_PREFILTER_H

#include "base/buffer.h"
#include "match/values.h"

struct silt_prefilter {
    struct silt_buffer expression; /* for Hyperscan, no NUL at its end */
    bool is_approximate;           /* not understood here: to be compiled as a whole with HS_FLAG_PREFILTER */
    uint32_t reach;                /* in bytes; UINT32_MAX: unbounded or (is_approximate) not known */
    uint32_t width;                /* most bytes that the pattern matches; as reach */
    unsigned weight;               /* how selective: SILT_PREFILTER_BYTE for each fixed byte, less for sets */
    bool is_caseless;              /* holds letters in both cases: a word */
    struct silt_values_shape shape; /* of the pattern */
    bool is_open;                   /* begins with a run of nearly any bytes, such as ".*" */
};

/* The weight of one fixed byte. */
enum { SILT_PREFILTER_BYTE = 12 };

/* Derives a prefilter from a pattern. Where the pattern is not understood the whole of it becomes the
 * expression. SILT_ERR_USAGE for a pattern that can match nothing at all (the empty text). Clear `out` in any
 * case. */
SILT_MUST_USE enum silt_status silt_prefilter_derive(const char *pattern, struct silt_prefilter *out,
                                                     struct silt_error *error);

/* The same from a prefilter that its author wrote, which begins to match where the pattern does; `pattern`
 * gives the width only. */
SILT_MUST_USE enum silt_status silt_prefilter_take(const char *prefilter, const char *pattern,
                                                   struct silt_prefilter *out, struct silt_error *error);

/* Frees what it holds and leaves it zero. */
void silt_prefilter_clear(struct silt_prefilter *prefilter);

#endif
