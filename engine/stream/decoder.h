/*
 * decoder.h: the common part of all codecs: members (frames, streams) that follow each other on an inner
 * stream.
 *
 * It finds out whether a further member begins, feeds the codec straight from the inner stream's span into
 * the buffer that is handed out, consumes what was used, and tells truncation from a failure below. What is
 * left to a codec is its header, one step of its library, and its trailer.
 */
#ifndef SILT_STREAM_DECODER_H
#define SILT_STREAM_DECODER_H

#include "stream/refill.h"

struct silt_decoder;

/* One call of a library: from `input` to `room`. */
struct silt_decoder_step {
    struct silt_span input; /* at most INT32_MAX bytes; empty when the inner stream has no more */
    size_t used;            /* out: how many of them were taken */
    uint8_t *room;
    size_t size; /* of room, at most INT32_MAX */
    size_t made; /* out: how many bytes were written there */
};

struct silt_decoder_ops {
    const char *name;
    size_t magic_size; /* fewer bytes than these cannot be a first member */
    size_t head_size;  /* what is_next and begin want to see; with fewer is_next says what they look like */
    bool (*is_next)(struct silt_span head);
    /* Consumes padding between members and behind the last. May be NULL. */
    enum silt_status (*skip)(struct silt_decoder *decoder, struct silt_error *error);
    /* Begins the member whose first bytes are `head` (still on the inner stream). Sets in_member if data
     * follows. */
    enum silt_status (*begin)(struct silt_decoder *decoder, struct silt_span head, struct silt_error *error);
    /* OK: go on. END: the member's data is complete. */
    enum silt_status (*step)(struct silt_decoder *decoder, struct silt_decoder_step *step,
                             struct silt_error *error);
    /* Takes and checks what stands behind the data. May be NULL. */
    enum silt_status (*finish)(struct silt_decoder *decoder, struct silt_error *error);
    /* Releases what the codec holds beside its struct. May be NULL. */
    void (*close)(struct silt_decoder *decoder);
};

/* First member of the codecs' structs. */
struct silt_decoder {
    struct silt_refill refill;
    const struct silt_decoder_ops *ops;
    struct silt_stream *inner;
    uint64_t max_memory; /* UINT64_MAX: no limit */
    bool is_first;       /* no member was begun yet */
    bool in_member;
};

/* Allocates a codec's struct of `size` bytes (at least a struct silt_decoder) and prepares its first member;
 * the codec sets the rest, which is not zeroed. Freed with silt_stream_free. */
SILT_MUST_USE enum silt_status silt_decoder_new(size_t size, const struct silt_decoder_ops *ops,
                                                struct silt_stream *inner, uint64_t max_memory,
                                                struct silt_decoder **out, struct silt_error *error);

/* The stream that a decoder is. */
static inline struct silt_stream *silt_decoder_stream(struct silt_decoder *decoder)
{
    return &decoder->refill.stream;
}

/* A little-endian number of up to eight bytes. */
static inline uint64_t silt_decoder_number(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

#endif
