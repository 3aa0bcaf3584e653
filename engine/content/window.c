/*
 * window.c: content cut into windows with margins.
 *
 * Content that the stream shows as a whole is handed out in place. All else is gathered in one buffer: margin before,
 * the window's own part, margin after. When the next window is asked for, the end of the buffer moves to its front.
 */
#include "content/window.h"

#include "base/error.h"
#include "content/encoding.h"

#include <stdlib.h>

struct silt_windower {
    struct silt_stream *stream;
    enum silt_encoding encoding;
    uint64_t start;            /* the stream's offset at the content's start */
    size_t window_size;
    size_t capacity;
    uint8_t *buffer;
    size_t size;               /* bytes in the buffer */
    size_t done;               /* of these, handed out as own part already */
    uint64_t offset, raw;      /* of buffer[0], decoded and undecoded */
    uint64_t line, line_start; /* at buffer[0] */
    bool is_begun, is_in_place, is_over;
    enum silt_status end;      /* how the stream ended, once is_over */
    struct silt_error error;
    size_t in_place_size;
};

enum silt_status silt_windower_new(struct silt_windower **out, struct silt_error *error)
{
    struct silt_windower *windower = calloc(1, sizeof *windower);
    if (windower == NULL)
        return silt_error_memory(error);
    windower->window_size = SILT_WINDOW_SIZE;
    windower->capacity = SILT_WINDOW_SIZE + 2 * SILT_WINDOW_MARGIN;
    windower->buffer = malloc(windower->capacity);
    if (windower->buffer == NULL) {
        free(windower);
        return silt_error_memory(error);
    }
    *out = windower;
    return SILT_OK;
}

void silt_windower_set_size(struct silt_windower *windower, size_t size)
{
    windower->window_size = size < SILT_WINDOW_SIZE ? size : SILT_WINDOW_SIZE;
}

void silt_windower_open(struct silt_windower *windower, struct silt_stream *stream)
{
    windower->stream = stream;
    windower->start = stream->offset;
    windower->encoding = SILT_ENCODING_BYTES;
    windower->size = windower->done = windower->in_place_size = 0;
    windower->offset = windower->raw = windower->line_start = 0;
    windower->line = 1;
    windower->is_begun = windower->is_in_place = windower->is_over = false;
}

static void note_end(struct silt_windower *windower, enum silt_status status)
{
    windower->is_over = true;
    windower->end = status;
}

/* Appends some decoded bytes; OK when there may be more. */
static void take_decoded(struct silt_windower *windower, size_t room)
{
    struct silt_span in;
    enum silt_status status = silt_stream_peek(windower->stream, 4, &in, &windower->error);
    if (status != SILT_OK) {
        note_end(windower, status);
        return;
    }
    struct silt_span out = {windower->buffer + windower->size, room};
    size_t in_used, out_used;
    silt_encoding_decode(windower->encoding, in, in.size < 4, out, &in_used, &out_used);
    if (in_used == 0) { /* half a unit at the end */
        windower->buffer[windower->size] = in.data[0];
        in_used = out_used = 1;
    }
    silt_stream_consume(windower->stream, in_used);
    windower->size += out_used;
}

static void take_bytes(struct silt_windower *windower, size_t room)
{
    struct silt_span in;
    enum silt_status status = silt_stream_peek(windower->stream, 1, &in, &windower->error);
    if (status != SILT_OK) {
        note_end(windower, status);
        return;
    }
    in = silt_span_slice(in, 0, room);
    memcpy(windower->buffer + windower->size, in.data, in.size);
    windower->size += in.size;
    silt_stream_consume(windower->stream, in.size);
}

/* Gathers until the buffer holds `size` bytes or the stream is over. */
static void gather(struct silt_windower *windower, size_t size)
{
    enum { ROOM_MIN = 4 }; /* the longest UTF-8 sequence */
    bool is_decoding = windower->encoding != SILT_ENCODING_BYTES;
    while (!windower->is_over && windower->size < size) {
        size_t room = size - windower->size;
        if (is_decoding)
            take_decoded(windower, room < ROOM_MIN ? ROOM_MIN : room);
        else
            take_bytes(windower, room);
    }
}

static void count_lines(struct silt_windower *windower, size_t size)
{
    const uint8_t *p = windower->buffer, *end = p + size;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        p++;
        windower->line++;
        windower->line_start = windower->offset + (uint64_t)(p - windower->buffer);
    }
}

/* Drops what no further window needs: all but a margin before the part that is not handed out yet. */
static void slide(struct silt_windower *windower)
{
    if (windower->done <= SILT_WINDOW_MARGIN)
        return;
    size_t drop = windower->done - SILT_WINDOW_MARGIN;
    struct silt_span gone = {windower->buffer, drop};
    count_lines(windower, drop);
    windower->raw += windower->encoding == SILT_ENCODING_BYTES ? drop : silt_encoding_raw_size(gone);
    windower->offset += drop;
    windower->size -= drop;
    windower->done -= drop;
    memmove(windower->buffer, windower->buffer + drop, windower->size);
}

static void fill_out(const struct silt_windower *windower, struct silt_window *out)
{
    *out = (struct silt_window){
        .bytes = windower->buffer,
        .size = windower->size,
        .first = windower->done,
        .offset = windower->offset,
        .line = windower->line,
        .line_start = windower->line_start,
        .encoding = windower->encoding,
    };
}

/* A whole content that lies in the stream's own buffer, if it does. */
static bool show_in_place(struct silt_windower *windower, struct silt_span head, struct silt_window *out)
{
    /* Only a stream that ends right here shows all: it answers a larger wish with the same bytes. */
    struct silt_span more;
    if (head.size >= SILT_STREAM_PEEK_MAX || head.size > windower->window_size)
        return false;
    if (silt_stream_peek(windower->stream, head.size + 1, &more, NULL) != SILT_OK || more.size != head.size)
        return false;
    *out = (struct silt_window){.bytes = more.data, .size = more.size, .last = more.size, .line = 1};
    windower->is_in_place = true;
    windower->in_place_size = more.size;
    return true;
}

static enum silt_status answer_end(const struct silt_windower *windower, struct silt_error *error)
{
    if (error != NULL && windower->end != SILT_END)
        *error = windower->error;
    return windower->end;
}

static bool begin(struct silt_windower *windower, struct silt_window *out)
{
    enum { HEAD_SIZE = 4096 };
    struct silt_span head;
    windower->is_begun = true;
    enum silt_status status = silt_stream_peek(windower->stream, HEAD_SIZE, &head, &windower->error);
    if (status != SILT_OK) {
        note_end(windower, status);
        return false;
    }
    windower->encoding = silt_encoding_guess(head);
    return windower->encoding == SILT_ENCODING_BYTES && show_in_place(windower, head, out);
}

enum silt_status silt_windower_next(struct silt_windower *windower, struct silt_window *out,
                                    struct silt_error *error)
{
    if (!windower->is_begun && begin(windower, out))
        return SILT_OK;
    if (windower->is_in_place) {
        silt_stream_consume(windower->stream, windower->in_place_size);
        windower->is_in_place = false;
    }
    slide(windower);
    gather(windower, windower->done + windower->window_size + SILT_WINDOW_MARGIN);
    if (windower->size == windower->done)
        return answer_end(windower, error);
    fill_out(windower, out);
    out->last = windower->done + windower->window_size;
    if (out->last > windower->size || (windower->is_over && windower->size - out->last <= SILT_WINDOW_MARGIN))
        out->last = windower->size;
    if (!windower->is_over && windower->size - windower->done <= windower->window_size)
        out->last = windower->size;
    windower->done = out->last;
    return SILT_OK;
}

uint64_t silt_windower_raw_offset(const struct silt_windower *windower, const struct silt_window *window,
                                  size_t position)
{
    if (window->encoding == SILT_ENCODING_BYTES)
        return window->offset + position;
    struct silt_span before = {window->bytes, position};
    return windower->raw + silt_encoding_raw_size(before);
}

uint64_t silt_windower_consumed(const struct silt_windower *windower)
{
    return windower->stream->offset - windower->start;
}

void silt_windower_free(struct silt_windower *windower)
{
    if (windower == NULL)
        return;
    explicit_bzero(windower->buffer, windower->capacity);
    free(windower->buffer);
    free(windower);
}
