/*
 * nearby.h: keywords near a match.
 */
#ifndef SILT_CONFIRM_NEARBY_H
#define SILT_CONFIRM_NEARBY_H

#include "base/span.h"

/* Whether one of the NULL-terminated keywords stands in `within` bytes before start, in [start, end), or in
 * `within` bytes after end; letters in either case. True if there are no keywords. */
bool silt_nearby_has(struct silt_span bytes, size_t start, size_t end, unsigned within,
                     const char *const *keywords);

#endif
