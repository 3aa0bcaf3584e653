/*
 * limit.c: how much may come out of a stream, in bytes and in proportion to what went in.
 */
#include "stream/limit.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdlib.h>

/* Below this a ratio says nothing: 1 KiB of zeros in gzip is already 35 to 1. */
enum { RATIO_FLOOR = 1024 * 1024 };

struct limit {
    struct silt_stream stream;
    struct silt_stream *inner;
    const struct silt_stream *stored;
    uint64_t max_bytes; /* UINT64_MAX: none */
    unsigned max_ratio; /* 0: none */
    bool reached;
};

static uint64_t allowed_by_ratio(const struct limit *limit)
{
    if (limit->stored == NULL || limit->max_ratio == 0)
        return UINT64_MAX;
    uint64_t stored = limit->stored->offset;
    if (stored > UINT64_MAX / limit->max_ratio)
        return UINT64_MAX;
    uint64_t allowed = stored * limit->max_ratio;
    return allowed > RATIO_FLOOR ? allowed : RATIO_FLOOR;
}

static enum silt_status refuse(struct limit *limit, struct silt_error *error)
{
    limit->reached = true;
    if (limit->stream.offset >= limit->max_bytes)
        return silt_error_set(error, SILT_ERR_LIMIT, "content is larger than the limit of %" PRIu64 " bytes",
                              limit->max_bytes);
    return silt_error_set(error, SILT_ERR_LIMIT,
                          "%" PRIu64 " stored bytes expand to more than %u times their size",
                          limit->stored->offset, limit->max_ratio);
}

static enum silt_status limit_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                   struct silt_error *error)
{
    struct limit *limit = (struct limit *)stream;
    if (limit->reached)
        return refuse(limit, error);
    enum silt_status status = silt_stream_peek(limit->inner, want, out, error);
    if (status != SILT_OK)
        return status;
    /* Only now: peeking may have consumed stored bytes. */
    uint64_t allowed = allowed_by_ratio(limit);
    if (allowed > limit->max_bytes)
        allowed = limit->max_bytes;
    if (stream->offset >= allowed)
        return refuse(limit, error);
    if (out->size > allowed - stream->offset)
        out->size = (size_t)(allowed - stream->offset);
    return SILT_OK;
}

static void limit_consume(struct silt_stream *stream, size_t size)
{
    struct limit *limit = (struct limit *)stream;
    silt_stream_consume(limit->inner, size);
}

static void limit_free(struct silt_stream *stream)
{
    free(stream);
}

static const struct silt_stream_ops limit_ops = {limit_peek, limit_consume, limit_free};

enum silt_status silt_limit_open(struct silt_stream *inner, uint64_t max_bytes,
                                 const struct silt_stream *stored, unsigned max_ratio,
                                 struct silt_stream **out, struct silt_error *error)
{
    struct limit *limit = calloc(1, sizeof *limit);
    if (limit == NULL)
        return silt_error_memory(error);
    limit->stream.ops = &limit_ops;
    limit->inner = inner;
    limit->stored = stored;
    limit->max_bytes = max_bytes > 0 ? max_bytes : UINT64_MAX;
    limit->max_ratio = max_ratio;
    *out = &limit->stream;
    return SILT_OK;
}
