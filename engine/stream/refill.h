/*
 * refill.h: the common part of streams that make their bytes into a buffer of their own (files, decoders).
 *
 * It keeps the contract of stream.h: whole spans in place, a short tail moved to the front when more is
 * wanted than stands there, good bytes before the failure behind them, END and failures for ever. What is
 * left to each kind is one function that fills room.
 */
#ifndef SILT_STREAM_REFILL_H
#define SILT_STREAM_REFILL_H

#include "stream/stream.h"

struct silt_refill;

struct silt_refill_ops {
    /* Makes up to `size` (never 0) bytes at `room` and says how many in *made. OK: go on, with or without new
     * bytes. END or a failure: *made bytes came before it, and fill is not called again. */
    enum silt_status (*fill)(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                             struct silt_error *error);
    /* Releases what the kind holds beside the struct itself. May be NULL. */
    void (*close)(struct silt_refill *refill);
};

/* First member of the kinds. */
struct silt_refill {
    struct silt_stream stream;
    const struct silt_refill_ops *ops;
    uint8_t *buffer;
    size_t capacity, begin, end; /* unconsumed: buffer[begin..end) */
    enum silt_status status;     /* OK until fill answered something else */
    struct silt_error why;
};

/* Prepares the part of a struct that the kind allocated with malloc (`refill` is its first member, so freeing
 * the stream frees it). `capacity` is the buffer's size: at least SILT_STREAM_PEEK_MAX, or all that will ever
 * come. On failure the struct is still the caller's. */
SILT_MUST_USE enum silt_status silt_refill_init(struct silt_refill *refill, const struct silt_refill_ops *ops,
                                                size_t capacity, struct silt_error *error);

#endif
