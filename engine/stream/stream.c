/*
 * stream.c: what can be done with any stream.
 */
#include "stream/stream.h"

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
