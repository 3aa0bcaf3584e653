/*
 * tee.c: bytes are hashed when they are consumed, while they are still warm in the cache.
 */
#include "stream/tee.h"

#include "base/error.h"
#include "base/hasher.h"

#include <stdlib.h>

struct tee {
    struct silt_stream stream;
    struct silt_stream *inner;
    struct silt_hasher *hasher;
    struct silt_span seen; /* what the last peek answered and is not consumed yet */
};

static enum silt_status tee_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                 struct silt_error *error)
{
    struct tee *tee = (struct tee *)stream;
    tee->seen = (struct silt_span){NULL, 0};
    enum silt_status status = silt_stream_peek(tee->inner, want, out, error);
    if (status == SILT_OK)
        tee->seen = *out;
    return status;
}

static void tee_consume(struct silt_stream *stream, size_t size)
{
    struct tee *tee = (struct tee *)stream;
    if (size == 0)
        return;
    silt_hasher_put(tee->hasher, silt_span_slice(tee->seen, 0, size));
    tee->seen = silt_span_slice(tee->seen, size, tee->seen.size);
    silt_stream_consume(tee->inner, size);
}

static void tee_free(struct silt_stream *stream)
{
    struct tee *tee = (struct tee *)stream;
    silt_hasher_free(tee->hasher);
    free(tee);
}

static const struct silt_stream_ops tee_ops = {tee_peek, tee_consume, tee_free};

enum silt_status silt_tee_open(struct silt_stream *inner, struct silt_stream **out, struct silt_error *error)
{
    struct tee *tee = calloc(1, sizeof *tee);
    if (tee == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_hasher_new(&tee->hasher, error);
    if (status != SILT_OK) {
        free(tee);
        return status;
    }
    tee->stream.ops = &tee_ops;
    tee->inner = inner;
    *out = &tee->stream;
    return SILT_OK;
}

void silt_tee_take(struct silt_stream *stream, struct silt_digest *out)
{
    struct tee *tee = (struct tee *)stream;
    silt_hasher_take(tee->hasher, out);
}
