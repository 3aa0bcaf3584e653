/*
 * gap.h: bytes of a container that are nobody's content, gathered with the places where they stood.
 *
 * Zeros beyond four in a row are left out, so that tar headers cost little to match; nothing else is. Bytes
 * that did not stand side by side are kept apart by a line end, which no word character is, so that no match
 * spans them.
 */
#ifndef SILT_ARCHIVE_GAP_H
#define SILT_ARCHIVE_GAP_H

#include "archive/entry.h"
#include "base/array.h"
#include "base/buffer.h"

/* Zero-initialise but for runs.item_size = sizeof(struct silt_run). */
struct silt_gap {
    struct silt_buffer bytes;
    struct silt_array runs;
    uint64_t end;  /* container offset behind the last byte put */
    size_t zeros;  /* in a row, at the end of what was put */
    bool is_apart; /* the next byte begins a new run */
};

/* Adds bytes that stand at an offset of the container; offsets only grow. */
SILT_MUST_USE enum silt_status silt_gap_put(struct silt_gap *gap, uint64_t offset, struct silt_span bytes,
                                            struct silt_error *error);

/* Whether there is enough to hand out. */
bool silt_gap_is_full(const struct silt_gap *gap);

/* How many bytes to hand out now, so that nothing that stood together is torn apart: up to the last run, or,
 * if there is one run only, everything (silt_gap_take then keeps an overlap). */
size_t silt_gap_cut(const struct silt_gap *gap);

/* Drops the first `size` bytes. If they were all and is_last is false, the last 16 KiB stay, so that what
 * straddles the edge is seen whole. */
void silt_gap_take(struct silt_gap *gap, size_t size, bool is_last);

/* The container offset of an offset in the bytes. */
uint64_t silt_gap_offset(const struct silt_gap *gap, uint64_t content_offset);

/* Wipes and frees everything. */
void silt_gap_clear(struct silt_gap *gap);

#endif
