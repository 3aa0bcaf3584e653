/*
 * refill.c: a buffer that a function fills and that is handed out in place.
 */
#include "stream/refill.h"

#include "base/error.h"

#include <stdlib.h>

/* The tail moved is shorter than `want`, so at most 64 KiB for each buffer's worth of bytes. */
static void make_room(struct silt_refill *refill)
{
    size_t have = refill->end - refill->begin;
    if (refill->begin > 0 && have > 0)
        memmove(refill->buffer, refill->buffer + refill->begin, have);
    refill->begin = 0;
    refill->end = have;
}

static void top_up(struct silt_refill *refill, size_t want)
{
    make_room(refill);
    while (refill->status == SILT_OK && refill->end < want && refill->end < refill->capacity) {
        size_t made = 0;
        refill->status = refill->ops->fill(refill, refill->buffer + refill->end,
                                           refill->capacity - refill->end, &made, &refill->why);
        refill->end += made;
    }
}

static enum silt_status refill_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                    struct silt_error *error)
{
    struct silt_refill *refill = (struct silt_refill *)stream;
    if (want == 0)
        want = 1;
    if (refill->end - refill->begin < want && refill->status == SILT_OK)
        top_up(refill, want);
    if (refill->end > refill->begin) {
        *out = silt_span_of(refill->buffer + refill->begin, refill->end - refill->begin);
        return SILT_OK;
    }
    if (refill->status != SILT_END && error != NULL)
        *error = refill->why;
    return refill->status;
}

static void refill_consume(struct silt_stream *stream, size_t size)
{
    struct silt_refill *refill = (struct silt_refill *)stream;
    refill->begin += size;
}

static void refill_free(struct silt_stream *stream)
{
    struct silt_refill *refill = (struct silt_refill *)stream;
    if (refill->ops->close != NULL)
        refill->ops->close(refill);
    free(refill->buffer);
    free(refill);
}

static const struct silt_stream_ops refill_ops = {refill_peek, refill_consume, refill_free};

enum silt_status silt_refill_init(struct silt_refill *refill, const struct silt_refill_ops *ops,
                                  size_t capacity, struct silt_error *error)
{
    *refill = (struct silt_refill){.stream = {.ops = &refill_ops}, .ops = ops, .capacity = capacity};
    refill->buffer = malloc(capacity);
    return refill->buffer != NULL ? SILT_OK : silt_error_memory(error);
}
