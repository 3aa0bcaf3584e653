/*
 * gather.h: parts of a window copied one behind the other, so that one call of Hyperscan looks at all of
 * them.
 */
#ifndef SILT_MATCH_GATHER_H
#define SILT_MATCH_GATHER_H

#include "base/span.h"

#include <silt/status.h>

struct silt_gather_piece {
    uint32_t at;     /* in the gathered bytes */
    uint32_t source; /* in the window */
};

/* Zero-initialise; the buffers grow to what the largest window needs and stay. */
struct silt_gather {
    uint8_t *bytes;
    size_t size;
    size_t source_end; /* of the last piece, in the window */
    struct silt_gather_piece *pieces;
    size_t count;
    size_t capacity; /* of bytes; pieces have room for one in SILT_GATHER_PIECE_MIN bytes */
};

/* Pieces are at least so long, but for one. */
enum { SILT_GATHER_PIECE_MIN = 16 };

/* Begins anew, with room for pieces of a window of `size` bytes. */
SILT_MUST_USE enum silt_status silt_gather_begin(struct silt_gather *gather, size_t size,
                                                 struct silt_error *error);

/* Adds a part of the window, from `start` to `end`, not before the last one's start; what overlaps or touches
 * is joined, all else is parted by a NUL byte. */
void silt_gather_put(struct silt_gather *gather, struct silt_span window, size_t start, size_t end);

/* Where in the window the gathered bytes up to `end` end. `*cursor` is where the search begins; it moves on,
 * for ends that are asked for in order. Begin with 0. */
size_t silt_gather_source(const struct silt_gather *gather, size_t end, size_t *cursor);

/* Frees the buffers and leaves it zero. */
void silt_gather_clear(struct silt_gather *gather);

#endif
