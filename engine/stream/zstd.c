/*
 * zstd.c: Zstandard (RFC 8878): frames and skippable frames that follow each other.
 */
#include "base/error.h"
#include "stream/codec.h"
#include "stream/decoder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { SKIPPABLE_FIRST = 0x184d2a50, SKIPPABLE_MASK = 0xfffffff0 }; /* RFC 8878, 3.1.2 */
enum { MAGIC = 0xfd2fb528u };                                       /* 3.1.1 */
enum { HEADER_MAX = 18, SKIPPABLE_HEADER = 8, FIRST_HINT = 5 };

struct zstd {
    struct silt_decoder decoder;
    ZSTD_DCtx *context;
    size_t hint; /* how much input zstd wants to see next */
};

static bool is_frame(struct silt_span head)
{
    if (head.size < 4 || silt_decoder_number(head.data, 4) != MAGIC)
        return false;
    return head.size < 5 || (head.data[4] & 0x08) == 0; /* the descriptor's reserved bit */
}

static bool is_skippable(struct silt_span head)
{
    return head.size >= 4 && (silt_decoder_number(head.data, 4) & SKIPPABLE_MASK) == SKIPPABLE_FIRST;
}

/* Other formats (lz4) share the skippable frames: if the frame behind one is in sight, it decides. */
static bool is_zstd(struct silt_span head)
{
    while (is_skippable(head)) {
        if (head.size < SKIPPABLE_HEADER)
            return true;
        uint64_t size = SKIPPABLE_HEADER + silt_decoder_number(head.data + 4, 4);
        if (size + 4 > head.size)
            return true;
        head = silt_span_slice(head, (size_t)size, head.size);
    }
    return is_frame(head);
}

/* The window that a frame asks for (Frame_Header, 3.1.1.1). False if the header is not all there. */
static bool find_window(struct silt_span head, uint64_t *window)
{
    static const uint8_t content_sizes[4] = {1, 2, 4, 8}, dictionary_sizes[4] = {0, 1, 2, 4};
    if (head.size < 6)
        return false;
    uint8_t descriptor = head.data[4];
    if ((descriptor & 0x20) == 0) { /* not Single_Segment: a window descriptor follows */
        uint64_t base = (uint64_t)1 << (10 + (head.data[5] >> 3));
        *window = base + base / 8 * (head.data[5] & 7);
        return true;
    }
    unsigned start = 5u + dictionary_sizes[descriptor & 3], size = content_sizes[descriptor >> 6];
    if (head.size < start + size)
        return false;
    *window = silt_decoder_number(head.data + start, size) + (size == 2 ? 256 : 0);
    return true;
}

static enum silt_status skip_frame(struct silt_decoder *decoder, struct silt_error *error)
{
    struct silt_span part;
    enum silt_status status =
        silt_stream_need(decoder->inner, SKIPPABLE_HEADER, "zstd skippable frame", &part, error);
    if (status != SILT_OK)
        return status;
    uint64_t rest = SKIPPABLE_HEADER + silt_decoder_number(part.data + 4, 4);
    while (rest > 0) {
        status = silt_stream_need(decoder->inner, 1, "zstd skippable frame", &part, error);
        if (status != SILT_OK)
            return status;
        part = silt_span_slice(part, 0, rest < SIZE_MAX ? (size_t)rest : SIZE_MAX);
        silt_stream_consume(decoder->inner, part.size);
        rest -= part.size;
    }
    return SILT_OK;
}

static bool is_next(struct silt_span head)
{
    return is_frame(head) || is_skippable(head);
}

static enum silt_status begin(struct silt_decoder *decoder, struct silt_span head, struct silt_error *error)
{
    struct zstd *zstd = (struct zstd *)decoder;
    uint64_t window;
    if (is_skippable(head))
        return skip_frame(decoder, error);
    if (!find_window(head, &window))
        return silt_stream_need(decoder->inner, head.size + 1, "zstd frame header", &head, error);
    if (window > decoder->max_memory)
        return silt_error_set(error, SILT_ERR_LIMIT,
                              "zstd frame asks for a window of %" PRIu64 " bytes, the limit is %" PRIu64,
                              window, decoder->max_memory);
    ZSTD_DCtx_reset(zstd->context, ZSTD_reset_session_only);
    zstd->hint = FIRST_HINT;
    decoder->in_member = true;
    return SILT_OK;
}

static enum silt_status refuse(size_t code, struct silt_error *error)
{
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return silt_error_memory(error);
    case ZSTD_error_frameParameter_windowTooLarge:
        return silt_error_set(error, SILT_ERR_LIMIT,
                              "zstd frame asks for a window larger than zstd can make");
    case ZSTD_error_dictionary_wrong:
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "zstd frame needs a dictionary");
    default:
        return silt_error_set(error, SILT_ERR_CORRUPT, "damaged zstd: %s", ZSTD_getErrorName(code));
    }
}

/* When zstd fails it does not say what it wrote before in the same call, and a frame that it sees as a whole
 * it decodes in one go. So it gets what it asks for and no more: that is one block a call. */
static enum silt_status decode(struct silt_decoder *decoder, struct silt_decoder_step *step,
                               struct silt_error *error)
{
    struct zstd *zstd = (struct zstd *)decoder;
    struct silt_span input = silt_span_slice(step->input, 0, zstd->hint);
    ZSTD_inBuffer from = {input.data, input.size, 0};
    ZSTD_outBuffer to = {step->room, step->size, 0};
    size_t code = ZSTD_decompressStream(zstd->context, &to, &from);
    step->used = from.pos;
    step->made = to.pos;
    if (ZSTD_isError(code))
        return refuse(code, error);
    zstd->hint = code;
    return code == 0 ? SILT_END : SILT_OK;
}

static void zstd_close(struct silt_decoder *decoder)
{
    ZSTD_freeDCtx(((struct zstd *)decoder)->context);
}

static const struct silt_decoder_ops zstd_ops = {
    .name = "zstd",
    .magic_size = 4,
    .head_size = HEADER_MAX,
    .is_next = is_next,
    .begin = begin,
    .step = decode,
    .close = zstd_close,
};

/* Our own limit is checked in bytes, not in powers of two: zstd's is raised to what it can do at all. */
static ZSTD_DCtx *new_context(void)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_bounds bounds = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
    if (context != NULL)
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, bounds.upperBound);
    return context;
}

static enum silt_status zstd_open(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                                  struct silt_error *error)
{
    struct silt_decoder *decoder;
    enum silt_status status =
        silt_decoder_new(sizeof(struct zstd), &zstd_ops, inner, max_memory, &decoder, error);
    if (status != SILT_OK)
        return status;
    struct zstd *zstd = (struct zstd *)decoder;
    zstd->context = new_context();
    if (zstd->context == NULL) {
        silt_stream_free(silt_decoder_stream(decoder));
        return silt_error_memory(error);
    }
    *out = silt_decoder_stream(decoder);
    return SILT_OK;
}

const struct silt_codec silt_zstd_codec = {"zstd", ".zst", 4, is_zstd, zstd_open};
