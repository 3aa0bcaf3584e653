/*
 * frame.c: see frame.h.
 */
#include "archive/frame.h"

#include "archive/putback.h"
#include "base/error.h"
#include "stream/limit.h"
#include "stream/memory.h"

#include <stdlib.h>

enum silt_status silt_frame_guess(struct silt_stream *stream, struct silt_frame_guess *out,
                                  struct silt_error *error)
{
    *out = (struct silt_frame_guess){0};
    struct silt_span head;
    enum silt_status status = silt_stream_peek(stream, SILT_FORMAT_HEAD_SIZE, &head, error);
    if (status == SILT_OK && silt_format_wants_more(head))
        status = silt_stream_peek(stream, SILT_STREAM_PEEK_MAX, &head, error);
    if (status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED)
        return status;
    if (status != SILT_OK)
        return SILT_OK;
    out->codec = silt_codec_find(head);
    if (out->codec == NULL)
        out->format = silt_format_find(head);
    return SILT_OK;
}

/* The file inside `x.gz` is `x`; other names stay as they are. */
static struct silt_span inner_name(struct silt_span name, const struct silt_codec *codec)
{
    if (name.size > strlen(codec->suffix) && silt_span_has_suffix(name, codec->suffix))
        return silt_span_slice(name, 0, name.size - strlen(codec->suffix));
    return name;
}

enum silt_status silt_frame_open(struct silt_stream *stream, struct silt_span name, struct silt_frame **out,
                                 struct silt_error *error)
{
    struct silt_frame *frame = calloc(1, sizeof *frame);
    if (frame == NULL)
        return silt_error_memory(error);
    frame->gap.runs.item_size = sizeof(struct silt_run);
    enum silt_status status = silt_putback_open(stream, &frame->stored, error);
    if (status == SILT_OK)
        status = silt_buffer_append(&frame->name, name, error);
    if (status != SILT_OK) {
        silt_frame_free(frame);
        return status;
    }
    *out = frame;
    return SILT_OK;
}

enum silt_status silt_frame_decode(struct silt_frame *frame, const struct silt_codec *codec,
                                   const struct silt_walk_limits *limits, struct silt_error *error)
{
    frame->codec = codec;
    frame->inner.size = 0;
    struct silt_span name = inner_name(silt_buffer_span(&frame->name), codec);
    enum silt_status status = silt_buffer_append(&frame->inner, name, error);
    if (status == SILT_OK)
        status = codec->open(frame->stored, limits->max_memory, &frame->decoder, error);
    if (status == SILT_OK)
        status = silt_limit_open(frame->decoder, 0, frame->stored, limits->max_ratio, &frame->limit, error);
    if (status == SILT_OK)
        status = silt_putback_open(frame->limit, &frame->decoded, error);
    frame->body = frame->decoded;
    return status;
}

enum silt_status silt_frame_read(struct silt_frame *frame, struct silt_reader_setup *setup,
                                 struct silt_error *error)
{
    frame->format = setup->format;
    setup->input = frame->body;
    setup->gap = &frame->gap;
    setup->held = silt_buffer_span(&frame->held);
    return silt_reader_open(setup, &frame->reader, error);
}

enum silt_status silt_frame_hold(struct silt_frame *frame, uint64_t max_size, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    while (status == SILT_OK && frame->held.size <= max_size) {
        struct silt_span bytes;
        status = silt_stream_peek(frame->body, 1, &bytes, error);
        if (status != SILT_OK)
            break;
        status = silt_buffer_append(&frame->held, bytes, error);
        silt_stream_consume(frame->body, bytes.size);
    }
    if (status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED)
        return status;
    if (frame->held.size <= max_size) {
        status = silt_memory_open(silt_buffer_span(&frame->held), &frame->held_stream, error);
        if (status == SILT_OK)
            frame->held_stream->offset = frame->body->offset - frame->held.size;
        return status;
    }
    status = silt_putback_put(frame->body, silt_buffer_span(&frame->held), error);
    silt_buffer_wipe(&frame->held);
    return status == SILT_OK ? SILT_ERR_LIMIT : status;
}

void silt_frame_close_reader(struct silt_frame *frame)
{
    silt_reader_free(frame->reader);
    frame->reader = NULL;
    silt_stream_free(frame->held_stream);
    frame->held_stream = NULL;
    silt_buffer_wipe(&frame->held);
}

void silt_frame_close_decoder(struct silt_frame *frame)
{
    silt_stream_free(frame->decoded);
    silt_stream_free(frame->limit);
    silt_stream_free(frame->decoder);
    frame->decoded = frame->limit = frame->decoder = frame->body = NULL;
    frame->codec = NULL;
}

void silt_frame_free(struct silt_frame *frame)
{
    if (frame == NULL)
        return;
    silt_frame_close_reader(frame);
    silt_frame_close_decoder(frame);
    silt_stream_free(frame->stored);
    silt_gap_clear(&frame->gap);
    silt_buffer_clear(&frame->name);
    silt_buffer_clear(&frame->inner);
    silt_buffer_clear(&frame->entry_path);
    silt_buffer_clear(&frame->entry_link);
    free(frame);
}
