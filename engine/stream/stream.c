/*
 * stream.c: what can be done with any stream.
 */
#include "stream/stream.h"

#include "base/error.h"

enum silt_status silt_stream_need(struct silt_stream *stream, size_t want, const char *what,
                                  struct silt_span *out, struct silt_error *error)
{
    enum silt_status status = silt_stream_peek(stream, want, out, error);
    if (status == SILT_OK && out->size < want) {
        /* Whether the stream ends or fails behind these bytes shows only once they are consumed. */
        silt_stream_consume(stream, out->size);
        status = silt_stream_peek(stream, 1, out, error);
    }
    if (status == SILT_END)
        return silt_error_set(error, SILT_ERR_CORRUPT, "truncated %s", what);
    return status;
}

enum silt_status silt_stream_drain(struct silt_stream *stream, struct silt_error *error)
{
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(stream, 1, &bytes, error);
        if (status != SILT_OK)
            return status == SILT_END ? SILT_OK : status;
        silt_stream_consume(stream, bytes.size);
    }
}
