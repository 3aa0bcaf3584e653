/*
 * raw.c: see raw.h. A gap that the container's end or an error leaves open is not gathered: its stream is
 * passed through, so that it may be of any size and nothing in it is torn apart.
 */
#include "archive/raw.h"

#include "base/error.h"

static size_t front_size(const struct silt_raw *raw)
{
    return raw->cut - raw->at;
}

static enum silt_status peek_live(struct silt_raw *raw, size_t want, struct silt_error *error)
{
    raw->seen.size = 0;
    if (raw->live == NULL || raw->live_left == 0)
        return SILT_END;
    enum silt_status status = silt_stream_peek(raw->live, want, &raw->seen, error);
    if (status == SILT_OK && raw->seen.size > raw->live_left)
        raw->seen.size = (size_t)raw->live_left;
    return status;
}

/* Consumes bytes of live; the check is told of them. What was peeked at is not valid after a first consume.
 */
static void note_live(struct silt_raw *raw, size_t size)
{
    while (size > 0) {
        if (raw->seen.size == 0 && peek_live(raw, 1, NULL) != SILT_OK)
            return;
        struct silt_span bytes = silt_span_slice(raw->seen, 0, size);
        if (raw->check != NULL && raw->check->ops != NULL)
            raw->check->ops->gap(raw->check, raw->live->offset - raw->check_base, bytes);
        silt_stream_consume(raw->live, bytes.size);
        raw->live_left -= bytes.size;
        raw->seen.size = 0;
        size -= bytes.size;
    }
}

/* Takes bytes of live behind those of the gap, until `want` bytes stand together. */
static enum silt_status join(struct silt_raw *raw, size_t want, struct silt_error *error)
{
    while (front_size(raw) < want && peek_live(raw, 1, NULL) == SILT_OK) {
        struct silt_span bytes = silt_span_slice(raw->seen, 0, want - front_size(raw));
        enum silt_status status = silt_buffer_append(&raw->gap->bytes, bytes, error);
        if (status != SILT_OK)
            return status;
        raw->cut += bytes.size;
        note_live(raw, bytes.size);
    }
    raw->seen.size = 0;
    return SILT_OK;
}

static enum silt_status raw_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                 struct silt_error *error)
{
    struct silt_raw *raw = (struct silt_raw *)stream;
    enum silt_status status = SILT_OK;
    if (front_size(raw) == 0) {
        status = peek_live(raw, want, error);
        *out = raw->seen;
        return status;
    }
    if (raw->live != NULL)
        status = join(raw, want, error);
    *out = silt_span_slice(silt_buffer_span(&raw->gap->bytes), raw->at, front_size(raw));
    return status;
}

static void raw_consume(struct silt_stream *stream, size_t size)
{
    struct silt_raw *raw = (struct silt_raw *)stream;
    if (front_size(raw) > 0)
        raw->at += size;
    else if (size > 0)
        note_live(raw, size);
}

static void raw_free(struct silt_stream *stream)
{
    (void)stream;
}

static const struct silt_stream_ops raw_ops = {raw_peek, raw_consume, raw_free};

void silt_raw_begin(struct silt_raw *raw, struct silt_gap *gap, bool is_whole)
{
    *raw = (struct silt_raw){.stream = {.ops = &raw_ops}, .gap = gap, .is_open = true, .is_whole = is_whole};
    raw->cut = is_whole ? gap->bytes.size : silt_gap_cut(gap);
}

enum silt_status silt_raw_begin_live(struct silt_raw *raw, struct silt_gap *gap, struct silt_stream *live,
                                     uint64_t size, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    if (gap->bytes.size > 0 && gap->end != live->offset)
        status = silt_buffer_append(&gap->bytes, silt_span_text("\n"), error);
    struct silt_run *run = silt_array_put(&gap->runs);
    if (status != SILT_OK || run == NULL)
        return silt_error_memory(error);
    *run = (struct silt_run){gap->bytes.size, live->offset};
    silt_raw_begin(raw, gap, true);
    raw->live = live;
    raw->live_left = size;
    return SILT_OK;
}

enum silt_status silt_raw_end(struct silt_raw *raw, struct silt_error *error)
{
    if (!raw->is_open)
        return SILT_OK;
    enum silt_status status = silt_stream_drain(&raw->stream, error);
    silt_gap_take(raw->gap, raw->cut, raw->is_whole);
    raw->gap->is_apart = raw->gap->is_apart || raw->live != NULL;
    if (raw->live != NULL)
        raw->gap->end = raw->live->offset;
    raw->is_open = false;
    return status;
}
