/*
 * mask.h: secrets out of texts that are shown beside findings: the instructions of an image's history.
 *
 * A secret that this run has read is looked for as it is. Of one that comes from the layer cache only its
 * size, its first and last characters and its keyed hash are known: places that could be it are hashed. Both
 * find the same places.
 */
#ifndef SILT_SCAN_MASK_H
#define SILT_SCAN_MASK_H

#include "scan/result.h"

/* What is to be masked. Zero-initialise; put all hits, finish, apply, clear. */
struct silt_mask {
    struct silt_array
        items;       /* hits, borrowed: each secret of 4 bytes and more once, in the order they came */
    uint64_t hashed; /* bytes hashed so far; no image may cost more than a second or two of that */
};

/* Adds the hits (struct silt_hit) of one result. */
SILT_MUST_USE enum silt_status silt_mask_put(struct silt_mask *mask, const struct silt_array *hits,
                                             struct silt_error *error);

/* Keeps each secret once. */
void silt_mask_finish(struct silt_mask *mask);

/* A copy of text with every occurrence of a secret redacted; NULL for NULL or when memory is out. A text that
 * is made to cost too much (thousands of secrets that could stand anywhere in it) is withheld as a whole. */
const char *silt_mask_apply(struct silt_mask *mask, const char *text, struct silt_arena *arena);

/* Frees the list. */
void silt_mask_clear(struct silt_mask *mask);

#endif
