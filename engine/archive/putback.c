/*
 * putback.c: a buffer in front of a stream. While the buffer is empty, which is nearly always, nothing is
 * copied.
 */
#include "archive/putback.h"

#include "base/buffer.h"
#include "base/error.h"

#include <stdlib.h>

struct putback {
    struct silt_stream stream;
    struct silt_stream *inner;
    struct silt_buffer front;
    size_t at; /* bytes of it that are consumed */
};

static size_t front_size(const struct putback *putback)
{
    return putback->front.size - putback->at;
}

/* Moves bytes from inner behind the front until `want` bytes stand there or inner has no more. */
static enum silt_status fill(struct putback *putback, size_t want, struct silt_error *error)
{
    while (front_size(putback) < want) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(putback->inner, 1, &bytes, NULL);
        if (status != SILT_OK)
            return SILT_OK;
        bytes = silt_span_slice(bytes, 0, want - front_size(putback));
        status = silt_buffer_append(&putback->front, bytes, error);
        if (status != SILT_OK)
            return status;
        silt_stream_consume(putback->inner, bytes.size);
    }
    return SILT_OK;
}

static enum silt_status putback_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                     struct silt_error *error)
{
    struct putback *putback = (struct putback *)stream;
    if (front_size(putback) == 0)
        return silt_stream_peek(putback->inner, want, out, error);
    enum silt_status status = fill(putback, want, error);
    *out = silt_span_slice(silt_buffer_span(&putback->front), putback->at, putback->front.size);
    return status;
}

static void putback_consume(struct silt_stream *stream, size_t size)
{
    struct putback *putback = (struct putback *)stream;
    if (front_size(putback) == 0)
        silt_stream_consume(putback->inner, size);
    else
        putback->at += size;
    if (putback->at == putback->front.size)
        putback->at = putback->front.size = 0;
}

static void putback_free(struct silt_stream *stream)
{
    struct putback *putback = (struct putback *)stream;
    silt_buffer_wipe(&putback->front);
    free(putback);
}

static const struct silt_stream_ops putback_ops = {putback_peek, putback_consume, putback_free};

enum silt_status silt_putback_open(struct silt_stream *inner, struct silt_stream **out,
                                   struct silt_error *error)
{
    struct putback *putback = calloc(1, sizeof *putback);
    if (putback == NULL)
        return silt_error_memory(error);
    putback->stream.ops = &putback_ops;
    putback->inner = inner;
    *out = &putback->stream;
    return SILT_OK;
}

enum silt_status silt_putback_put(struct silt_stream *stream, struct silt_span bytes,
                                  struct silt_error *error)
{
    struct putback *putback = (struct putback *)stream;
    struct silt_buffer front = {0};
    enum silt_status status = silt_buffer_append(&front, bytes, error);
    if (status == SILT_OK)
        status = silt_buffer_append(
            &front, silt_span_slice(silt_buffer_span(&putback->front), putback->at, SIZE_MAX), error);
    if (status != SILT_OK) {
        silt_buffer_clear(&front);
        return status;
    }
    silt_buffer_clear(&putback->front);
    putback->front = front;
    putback->at = 0;
    stream->offset -= bytes.size;
    return SILT_OK;
}
