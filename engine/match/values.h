/*
 * values.h: runs of bytes that a credential could be.
 *
 * Hundreds of signatures are a vendor's name and, near it, a value of a known shape. Names are common words,
 * and looking for hundreds of them in plain text is slow (measured: 289 of them halve the rate three times);
 * values are rare. So those expressions are matched only around runs of at least SILT_VALUES_RUN_MIN value
 * bytes that do not look like words: with a digit, or a quarter of them capitals. A random lower-case value
 * of 20 bytes has no digit in 15 of 10,000 cases, one of 32 in 3 of 100,000, a hexadecimal one never.
 */
#ifndef SILT_MATCH_VALUES_H
#define SILT_MATCH_VALUES_H

#include "base/span.h"
#include "match/node.h"

enum {
    SILT_VALUES_RUN_MIN = 20,
    SILT_VALUES_BEFORE = 256, /* bytes before a run that are matched with it */
    SILT_VALUES_BEHIND = 64,  /* and behind it */
};

/* A part of some bytes that is to be matched; overlapping ones are joined. */
struct silt_values_region {
    size_t start, end;
};

/* The next region at or after *position, which moves on; false when there are no more. Begin with 0. */
bool silt_values_next(struct silt_span bytes, size_t *position, struct silt_values_region *out);

/* What every match of a pattern holds: a run of value bytes of at least `run`, at most `lead` bytes behind
 * the match's start and `tail` before its end. */
struct silt_values_shape {
    uint32_t run, lead, tail;
};

/* The shape of a pattern's tree; a run of 0 where it needs no value bytes. */
struct silt_values_shape silt_values_shape_of(const struct silt_node *tree);

/* Whether matches of such a shape always lie in a region (but for the odd value that looks like words). */
bool silt_values_holds(const struct silt_values_shape *shape);

#endif
