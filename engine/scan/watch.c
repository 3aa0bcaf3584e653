/*
 * watch.c: progress and cancellation, at the one place where all bytes come by.
 */
#include "scan/watch.h"

#include "base/error.h"

#include <stdlib.h>

struct watch {
    struct silt_stream stream;
    struct silt_stream *inner;
    struct silt_scan *scan;
    atomic_uint_fast64_t count; /* read by other threads than the one that consumes */
};

static enum silt_status watch_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                   struct silt_error *error)
{
    struct watch *watch = (struct watch *)stream;
    enum silt_status status = silt_scan_check(watch->scan, error);
    return status != SILT_OK ? status : silt_stream_peek(watch->inner, want, out, error);
}

static void watch_consume(struct silt_stream *stream, size_t size)
{
    struct watch *watch = (struct watch *)stream;
    atomic_fetch_add_explicit(&watch->count, size, memory_order_relaxed);
    atomic_fetch_add_explicit(&watch->scan->stored, size, memory_order_relaxed);
    silt_stream_consume(watch->inner, size);
}

static void watch_free(struct silt_stream *stream)
{
    free(stream);
}

static const struct silt_stream_ops watch_ops = {watch_peek, watch_consume, watch_free};

enum silt_status silt_watch_open(struct silt_stream *inner, struct silt_scan *scan, struct silt_stream **out,
                                 struct silt_error *error)
{
    struct watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return silt_error_memory(error);
    watch->stream.ops = &watch_ops;
    watch->inner = inner;
    watch->scan = scan;
    *out = &watch->stream;
    return SILT_OK;
}

uint64_t silt_watch_count(const struct silt_stream *watch)
{
    return atomic_load_explicit(&((const struct watch *)watch)->count, memory_order_relaxed);
}
