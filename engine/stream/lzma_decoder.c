/*
 * lzma_decoder.c: one liblzma stream after another.
 */
#include "stream/lzma_decoder.h"

#include "base/error.h"
#include "stream/refill.h"

#include <inttypes.h>
#include <stdlib.h>

enum { OUT_SIZE = 256 * 1024 };

struct decoder {
    struct silt_refill refill;
    struct silt_stream *inner;
    const struct silt_lzma_format *format;
    uint64_t max_memory;
    lzma_stream state;
    bool is_first;
    bool in_stream;
};

/* Stream Padding (xz format 2.2): groups of four zeros. An incomplete group is not ours. */
static enum silt_status skip_padding(struct decoder *decoder, struct silt_error *error)
{
    static const uint8_t zeros[4];
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(decoder->inner, sizeof zeros, &bytes, error);
        if (status != SILT_OK)
            return status == SILT_END ? SILT_OK : status;
        size_t size = 0;
        while (bytes.size - size >= sizeof zeros && memcmp(bytes.data + size, zeros, sizeof zeros) == 0)
            size += sizeof zeros;
        silt_stream_consume(decoder->inner, size);
        if (size == 0)
            return SILT_OK;
    }
}

static enum silt_status refuse(struct decoder *decoder, lzma_ret code, struct silt_error *error)
{
    const char *name = decoder->format->name;
    switch (code) {
    case LZMA_MEM_ERROR:
        return silt_error_memory(error);
    case LZMA_MEMLIMIT_ERROR:
        return silt_error_set(error, SILT_ERR_LIMIT,
                              "%s asks for %" PRIu64 " bytes of memory, the limit is %" PRIu64, name,
                              lzma_memusage(&decoder->state), decoder->max_memory);
    case LZMA_OPTIONS_ERROR:
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "%s uses a filter that is not supported", name);
    case LZMA_BUF_ERROR:
        return silt_error_set(error, SILT_ERR_CORRUPT, "truncated %s data", name);
    default:
        return silt_error_set(error, SILT_ERR_CORRUPT, "damaged %s: bad %s", name,
                              code == LZMA_FORMAT_ERROR ? "magic" : "data or checksum");
    }
}

/* OK: a stream comes next. END: no further stream. */
static enum silt_status begin_stream(struct decoder *decoder, struct silt_error *error)
{
    const struct silt_lzma_format *format = decoder->format;
    if (!decoder->is_first && !format->is_repeatable)
        return SILT_END;
    enum silt_status status = decoder->is_first ? SILT_OK : skip_padding(decoder, error);
    struct silt_span head = {NULL, 0};
    if (status == SILT_OK)
        status = silt_stream_peek(decoder->inner, format->head_size, &head, error);
    if (status == SILT_END || (status == SILT_OK && !format->is_next(head)))
        return decoder->is_first ? silt_error_set(error, SILT_ERR_CORRUPT, "not %s", format->name) : SILT_END;
    if (status != SILT_OK)
        return status;
    lzma_ret code =
        format->start(&decoder->state, decoder->max_memory > 0 ? decoder->max_memory : UINT64_MAX);
    if (code != LZMA_OK)
        return refuse(decoder, code, error);
    decoder->is_first = false;
    decoder->in_stream = true;
    return SILT_OK;
}

static enum silt_status decode(struct decoder *decoder, uint8_t *room, size_t size, size_t *made,
                               struct silt_error *error)
{
    struct silt_span input = {NULL, 0};
    enum silt_status status = silt_stream_peek(decoder->inner, 1, &input, error);
    if (status != SILT_OK)
        input = (struct silt_span){NULL, 0};
    lzma_stream *state = &decoder->state;
    state->next_in = input.data;
    state->avail_in = input.size;
    state->next_out = room;
    state->avail_out = size;
    lzma_ret code = lzma_code(state, LZMA_RUN);
    size_t used = input.size - state->avail_in;
    silt_stream_consume(decoder->inner, used);
    *made = size - state->avail_out;
    if (code == LZMA_STREAM_END)
        decoder->in_stream = false;
    if (code == LZMA_OK || code == LZMA_STREAM_END)
        if (code == LZMA_STREAM_END || *made > 0 || used > 0 || status == SILT_OK)
            return SILT_OK;
    if (status != SILT_OK && status != SILT_END && (code == LZMA_OK || code == LZMA_BUF_ERROR))
        return status;
    return refuse(decoder, code == LZMA_OK ? LZMA_BUF_ERROR : code, error);
}

static enum silt_status decoder_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                     struct silt_error *error)
{
    struct decoder *decoder = (struct decoder *)refill;
    enum silt_status status = SILT_OK;
    if (!decoder->in_stream)
        status = begin_stream(decoder, error);
    return status == SILT_OK ? decode(decoder, room, size, made, error) : status;
}

static void decoder_close(struct silt_refill *refill)
{
    lzma_end(&((struct decoder *)refill)->state);
}

static const struct silt_refill_ops decoder_ops = {decoder_fill, decoder_close};

enum silt_status silt_lzma_decoder_open(struct silt_stream *inner, const struct silt_lzma_format *format,
                                        uint64_t max_memory, struct silt_stream **out,
                                        struct silt_error *error)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_refill_init(&decoder->refill, &decoder_ops, OUT_SIZE, error);
    if (status != SILT_OK) {
        free(decoder);
        return status;
    }
    decoder->inner = inner;
    decoder->format = format;
    decoder->max_memory = max_memory;
    decoder->state = (lzma_stream)LZMA_STREAM_INIT;
    decoder->is_first = true;
    *out = &decoder->refill.stream;
    return SILT_OK;
}
