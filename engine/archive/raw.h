/*
 * raw.h: the content of RAW entries: what a gap holds, and, at the end of a container, the rest of its
 * stream.
 */
#ifndef SILT_ARCHIVE_RAW_H
#define SILT_ARCHIVE_RAW_H

#include "archive/check.h"
#include "archive/gap.h"
#include "stream/stream.h"

/* Zero-initialise, then begin. One RAW entry at a time. */
struct silt_raw {
    struct silt_stream stream;
    struct silt_gap *gap;
    size_t at, cut;           /* in the gap's bytes: consumed, and to be handed out */
    struct silt_stream *live; /* NULL: the gap only */
    uint64_t live_left;       /* bytes of it to hand out */
    struct silt_check *check; /* is told of live bytes; may be NULL */
    uint64_t check_base;      /* live's offset that the check counts from */
    struct silt_span seen;    /* what live's last peek answered */
    bool is_open;
    bool is_whole; /* nothing of the gap stays */
};

/* Begins to hand out what the gap holds: all of it, or as much as tears nothing apart (silt_gap_cut). */
void silt_raw_begin(struct silt_raw *raw, struct silt_gap *gap, bool is_whole);

/* Begins to hand out everything in the gap and `size` bytes of `live` behind it. */
SILT_MUST_USE enum silt_status silt_raw_begin_live(struct silt_raw *raw, struct silt_gap *gap,
                                                   struct silt_stream *live, uint64_t size,
                                                   struct silt_error *error);

/* Consumes what is left and forgets what was handed out. */
SILT_MUST_USE enum silt_status silt_raw_end(struct silt_raw *raw, struct silt_error *error);

#endif
