/*
 * stream.h: a source of bytes that is looked at and then consumed.
 *
 * The contract that every stream keeps (tests/engine/stream runs it over all of them):
 *   - peek answers OK with at least `want` bytes, or fewer but at least one if the stream ends or fails
 * before that; END when nothing is left; a failure only when nothing is left that came before it. So every
 * good byte is seen before its error is.
 *   - the bytes stay valid until the next call on the stream.
 *   - consume takes at most what the last peek answered.
 *   - END and failures repeat.
 * A stream that wraps another borrows it: free the outer one first. Streams belong to one thread.
 */
#ifndef SILT_STREAM_STREAM_H
#define SILT_STREAM_STREAM_H

#include "base/span.h"

/* The most that `want` may ask for. */
enum { SILT_STREAM_PEEK_MAX = 64 * 1024 };

struct silt_stream;
struct silt_identity; /* identity.h */

struct silt_stream_ops {
    enum silt_status (*peek)(struct silt_stream *stream, size_t want, struct silt_span *out,
                             struct silt_error *error);
    void (*consume)(struct silt_stream *stream, size_t size);
    void (*free)(struct silt_stream *stream);
};

/* First member of every kind of stream. */
struct silt_stream {
    const struct silt_stream_ops *ops;
    uint64_t offset; /* bytes consumed so far; kept by silt_stream_consume */
    /* Which bytes of which file these are: ask silt_identity_of. NULL: nobody knows. */
    bool (*identify)(const struct silt_stream *stream, struct silt_identity *out);
};

/* Looks at the next bytes without consuming them, as the contract above says; `want` counts from 1. */
static inline SILT_MUST_USE enum silt_status silt_stream_peek(struct silt_stream *stream, size_t want,
                                                              struct silt_span *out, struct silt_error *error)
{
    return stream->ops->peek(stream, want, out, error);
}

/* Moves on behind the first `size` bytes of what the last peek answered. */
static inline void silt_stream_consume(struct silt_stream *stream, size_t size)
{
    stream->offset += size;
    stream->ops->consume(stream, size);
}

/* Frees the stream itself; NULL is allowed. */
static inline void silt_stream_free(struct silt_stream *stream)
{
    if (stream != NULL)
        stream->ops->free(stream);
}

/* Peeks at least `want` bytes that must be there (at most SILT_STREAM_PEEK_MAX). If the stream ends before,
 * that is SILT_ERR_CORRUPT "truncated WHAT"; if it fails before, its failure. In both cases what was left is
 * consumed. */
SILT_MUST_USE enum silt_status silt_stream_need(struct silt_stream *stream, size_t want, const char *what,
                                                struct silt_span *out, struct silt_error *error);

/* Consumes everything that is left. OK at the end of the stream, else its failure. */
SILT_MUST_USE enum silt_status silt_stream_drain(struct silt_stream *stream, struct silt_error *error);

#endif
