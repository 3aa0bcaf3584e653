/*
 * pair.h: two halves of one login, such as a key id and its secret, found near each other.
 */
#ifndef SILT_SCAN_PAIR_H
#define SILT_SCAN_PAIR_H

#include "scan/result.h"

/* Joins each of hits[first..count) whose signature names a companion with the nearest hit of that companion:
 * within the signature's distance in a file's content, anywhere in an image's documents (Env keeps the halves
 * in variables of their own). Both halves of a pair know each other (`mate`) and have high confidence, unless
 * a check failed; a half that stands alone has medium at most, for alone it opens nothing.
 * Hits are of one content in order of offset, or of all documents of one image. */
void silt_pair_join(struct silt_array *hits, size_t first, const struct silt_signatures *signatures);

#endif
