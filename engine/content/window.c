/*
 * window.c: the windower.
 *
 * It keeps a stretch of the content in hand: in the stream's own buffer if that is all of it, else in a
 * buffer that holds one window and its margins. A window is a view of that stretch; before the next one, what
 * its margin does not need any more is dropped, counted for lines on its way out, and the room is filled from
 * the stream.
 */
#include "content/window.h"

#include "base/error.h"

#include <stdlib.h>

/* A decoded character may stand across each end of the margins. */
enum {
    SLACK = SILT_ENCODING_CHARACTER_MAX,
    BUFFER_SIZE = SILT_WINDOW_SIZE + 2 * (SILT_WINDOW_MARGIN + 2 * SLACK)
};

struct silt_windower {
    uint8_t *buffer;
    size_t window_size;
    struct silt_stream *stream;
    enum silt_encoding encoding;
    bool is_begun;
    enum silt_status ended; /* OK while the stream may have more */
    struct silt_error why;
    const uint8_t *bytes; /* in hand, decoded: the buffer, or in place in the stream */
    size_t size;
    size_t in_place;                               /* bytes of the stream to consume once they were matched */
    size_t next;                                   /* where the next window's `first` stands in hand */
    uint64_t offset, raw_offset, line, line_start; /* of bytes[0] */
    uint64_t consumed;
};

enum silt_status silt_windower_new(struct silt_windower **out, struct silt_error *error)
{
    struct silt_windower *windower = calloc(1, sizeof *windower);
    if (windower == NULL)
        return silt_error_memory(error);
    windower->buffer = malloc(BUFFER_SIZE);
    if (windower->buffer == NULL) {
        free(windower);
        return silt_error_memory(error);
    }
    windower->window_size = SILT_WINDOW_SIZE;
    windower->ended = SILT_END;
    *out = windower;
    return SILT_OK;
}

void silt_windower_set_size(struct silt_windower *windower, size_t size)
{
    windower->window_size = size < 1 ? 1 : size > SILT_WINDOW_SIZE ? SILT_WINDOW_SIZE : size;
}

void silt_windower_open(struct silt_windower *windower, struct silt_stream *stream)
{
    windower->stream = stream;
    windower->encoding = SILT_ENCODING_BYTES;
    windower->is_begun = false;
    windower->ended = SILT_OK;
    windower->why = (struct silt_error){0};
    windower->bytes = windower->buffer;
    windower->size = windower->in_place = windower->next = 0;
    windower->offset = windower->raw_offset = windower->line_start = windower->consumed = 0;
    windower->line = 1;
}

static void consume(struct silt_windower *windower, size_t size)
{
    silt_stream_consume(windower->stream, size);
    windower->consumed += size;
}

/* Looks at the first bytes: what are they, and are they all? A stream that answers fewer bytes than asked has
 * no more. */
static void begin(struct silt_windower *windower)
{
    struct silt_span head;
    size_t mark_size;
    windower->is_begun = true;
    windower->ended = silt_stream_peek(windower->stream, SILT_STREAM_PEEK_MAX, &head, &windower->why);
    if (windower->ended != SILT_OK)
        return;
    windower->encoding = silt_encoding_detect(head, &mark_size);
    if (windower->encoding != SILT_ENCODING_BYTES) {
        consume(windower, mark_size);
        windower->raw_offset = mark_size;
    } else if (head.size < SILT_STREAM_PEEK_MAX) {
        windower->bytes = head.data;
        windower->size = windower->in_place = head.size;
        windower->consumed = head.size;
    }
}

/* What stands behind the bytes in place: by the contract of streams END or a failure. */
static void leave_place(struct silt_windower *windower)
{
    struct silt_span rest;
    silt_stream_consume(windower->stream, windower->in_place);
    windower->in_place = 0;
    windower->offset += windower->size;
    windower->bytes = windower->buffer;
    windower->size = windower->next = 0;
    windower->ended = silt_stream_peek(windower->stream, 1, &rest, &windower->why);
}

static size_t take_bytes(struct silt_windower *windower, struct silt_span from, size_t *used)
{
    struct silt_span part = silt_span_slice(from, 0, BUFFER_SIZE - windower->size);
    memcpy(windower->buffer + windower->size, part.data, part.size);
    *used = part.size;
    return part.size;
}

/* Adds bytes to those in hand until `size` are there or the stream has no more. */
static void fill(struct silt_windower *windower, size_t size)
{
    while (windower->size < size && windower->ended == SILT_OK) {
        struct silt_span from;
        size_t used = 0;
        windower->ended = silt_stream_peek(windower->stream, SLACK, &from, &windower->why);
        if (windower->ended != SILT_OK)
            return;
        if (windower->encoding == SILT_ENCODING_BYTES)
            windower->size += take_bytes(windower, from, &used);
        else
            windower->size +=
                silt_encoding_decode(windower->encoding, from, from.size < SLACK,
                                     windower->buffer + windower->size, BUFFER_SIZE - windower->size, &used);
        consume(windower, used);
    }
}

/* Only contents of more than one window pay for it. Bytes are counted in bytes, a block of 255 rows at a
 * time, so that compilers make it one addition for each vector (measured: 0.03 ns a byte, 0.2 with a plain
 * sum). */
static size_t count_newlines(const uint8_t *bytes, size_t size)
{
    enum { ROW = 64, ROWS_MAX = 255 };
    size_t count = 0;
    while (size >= ROW) {
        uint8_t sums[ROW] = {0};
        size_t rows = size / ROW < ROWS_MAX ? size / ROW : ROWS_MAX;
        for (size_t row = 0; row < rows; row++, bytes += ROW)
            for (size_t i = 0; i < ROW; i++)
                sums[i] += bytes[i] == '\n';
        for (size_t i = 0; i < ROW; i++)
            count += sums[i];
        size -= rows * ROW;
    }
    for (size_t i = 0; i < size; i++)
        count += bytes[i] == '\n';
    return count;
}

static void drop(struct silt_windower *windower, size_t size)
{
    struct silt_span gone = silt_span_of(windower->bytes, size);
    const uint8_t *newline = memrchr(gone.data, '\n', gone.size);
    if (newline != NULL) {
        windower->line += count_newlines(gone.data, gone.size);
        windower->line_start = windower->offset + (uint64_t)(newline - gone.data) + 1;
    }
    if (windower->encoding != SILT_ENCODING_BYTES)
        windower->raw_offset += silt_encoding_raw_size(gone);
    windower->offset += size;
    windower->size -= size;
    windower->next -= size;
    if (windower->in_place > 0)
        windower->bytes += size;
    else
        memmove(windower->buffer, windower->buffer + size, windower->size);
}

/* The last place at or before `at` where a window may begin or end. */
static size_t cut_before(const struct silt_windower *windower, size_t at)
{
    if (windower->encoding == SILT_ENCODING_BYTES || at >= windower->size)
        return at;
    while (at > 0 && (windower->bytes[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* The first place at or behind `at`. */
static size_t cut_behind(const struct silt_windower *windower, size_t at)
{
    if (windower->encoding != SILT_ENCODING_BYTES)
        while (at < windower->size && (windower->bytes[at] & 0xc0) == 0x80)
            at++;
    return at < windower->size ? at : windower->size;
}

/* Where the window that begins at `next` ends: one window's size on, but at least one character. */
static size_t find_last(const struct silt_windower *windower)
{
    size_t last = windower->next + windower->window_size;
    if (last >= windower->size)
        return windower->size;
    size_t cut = cut_before(windower, last);
    return cut > windower->next ? cut : cut_behind(windower, last);
}

static void prepare(struct silt_windower *windower)
{
    if (!windower->is_begun)
        begin(windower);
    size_t needless = windower->next > SILT_WINDOW_MARGIN ? windower->next - SILT_WINDOW_MARGIN : 0;
    needless = cut_before(windower, needless);
    if (needless > 0)
        drop(windower, needless);
    if (windower->in_place > 0 && windower->next == windower->size)
        leave_place(windower);
    if (windower->in_place == 0)
        fill(windower, windower->next + windower->window_size + SILT_WINDOW_MARGIN + 2 * SLACK);
}

enum silt_status silt_windower_next(struct silt_windower *windower, struct silt_window *out,
                                    struct silt_error *error)
{
    prepare(windower);
    if (windower->next == windower->size) {
        if (windower->ended != SILT_END && error != NULL)
            *error = windower->why;
        return windower->ended;
    }
    size_t last = find_last(windower);
    *out = (struct silt_window){
        .bytes = windower->bytes,
        .size = cut_behind(windower, last + SILT_WINDOW_MARGIN),
        .first = windower->next,
        .last = last,
        .offset = windower->offset,
        .line = windower->line,
        .line_start = windower->line_start,
        .encoding = windower->encoding,
    };
    windower->next = last;
    return SILT_OK;
}

uint64_t silt_windower_raw_offset(const struct silt_windower *windower, const struct silt_window *window,
                                  size_t position)
{
    if (window->encoding == SILT_ENCODING_BYTES)
        return window->offset + position;
    /* Inside a character it is where that begins: its first byte counts only when it lies before `position`.
     */
    position = position < window->size ? position : window->size;
    while (position > 0 && position < window->size && (window->bytes[position] & 0xc0) == 0x80)
        position--;
    uint64_t raw = windower->raw_offset + silt_encoding_raw_size(silt_span_of(window->bytes, position));
    return raw < windower->consumed ? raw : windower->consumed;
}

bool silt_windower_taken(const struct silt_windower *windower, struct silt_span *out)
{
    size_t size = windower->in_place > 0 ? 0 : windower->size; /* what is in place is not consumed yet */
    *out = silt_span_of(windower->bytes, size);
    return windower->encoding == SILT_ENCODING_BYTES && windower->offset == 0;
}

uint64_t silt_windower_consumed(const struct silt_windower *windower)
{
    return windower->consumed;
}

void silt_windower_free(struct silt_windower *windower)
{
    if (windower == NULL)
        return;
    free(windower->buffer);
    free(windower);
}
