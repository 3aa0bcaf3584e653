/*
 * cap.h: the content of a FILE as it is handed out: it ends at max_entry_size, and damage below it is an end
 * too, for the walk reports it as a skip.
 */
#ifndef SILT_ARCHIVE_CAP_H
#define SILT_ARCHIVE_CAP_H

#include "stream/stream.h"

/* Zero-initialise, then begin. */
struct silt_cap {
    struct silt_stream stream;
    struct silt_stream *inner; /* NULL when nothing is handed out */
    uint64_t left;             /* bytes that may still be handed out */
};

/* Begins to hand out `inner`; max_size 0 is no limit. */
void silt_cap_begin(struct silt_cap *cap, struct silt_stream *inner, uint64_t max_size);

/* Consumes what is left of inner, and counts what the limit kept back. */
SILT_MUST_USE enum silt_status silt_cap_end(struct silt_cap *cap, uint64_t *kept_back,
                                            struct silt_error *error);

#endif
