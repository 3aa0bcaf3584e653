/*
 * zstd.c: Zstandard (RFC 8878): frames and skippable frames that follow each other.
 */
#include "base/error.h"
#include "stream/codec.h"
#include "stream/refill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { SKIPPABLE_FIRST = 0x184d2a50, SKIPPABLE_MASK = 0xfffffff0 }; /* RFC 8878, 3.1.2 */
enum { MAGIC = 0xfd2fb528u };                                       /* 3.1.1 */
enum { HEADER_MAX = 18, SKIPPABLE_HEADER = 8 };

/* Twice the largest block, so that a whole one always fits beside a tail. */
enum { OUT_SIZE = 256 * 1024 };

struct zstd {
    struct silt_refill refill;
    struct silt_stream *inner;
    ZSTD_DCtx *context;
    uint64_t max_memory;
    bool is_first;
    bool in_frame;
};

static uint64_t little_endian(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static bool is_frame(struct silt_span head)
{
    if (head.size < 4 || little_endian(head.data, 4) != MAGIC)
        return false;
    return head.size < 5 || (head.data[4] & 0x08) == 0; /* the descriptor's reserved bit */
}

static bool is_skippable(struct silt_span head)
{
    return head.size >= 4 && (little_endian(head.data, 4) & SKIPPABLE_MASK) == SKIPPABLE_FIRST;
}

/* Other formats (lz4) share the skippable frames: if the frame behind one is in sight, it decides. */
static bool is_zstd(struct silt_span head)
{
    while (is_skippable(head)) {
        if (head.size < SKIPPABLE_HEADER)
            return true;
        uint64_t size = SKIPPABLE_HEADER + little_endian(head.data + 4, 4);
        if (size + 4 > head.size)
            return true;
        head = silt_span_slice(head, (size_t)size, head.size);
    }
    return is_frame(head);
}

/* The window that a frame asks for (3.1.1.1). False if the header is not all there. */
static bool find_window(struct silt_span head, uint64_t *window)
{
    static const uint8_t content_sizes[4] = {0, 2, 4, 8}, dictionary_sizes[4] = {0, 1, 2, 4};
    if (head.size < 6)
        return false;
    uint8_t descriptor = head.data[4];
    if ((descriptor & 0x20) == 0) { /* not Single_Segment: a window descriptor follows */
        uint64_t base = (uint64_t)1 << (10 + (head.data[5] >> 3));
        *window = base + base / 8 * (head.data[5] & 7);
        return true;
    }
    unsigned size = content_sizes[descriptor >> 6];
    unsigned start = 5u + dictionary_sizes[descriptor & 3];
    if (size == 0)
        size = 1;
    if (head.size < start + size)
        return false;
    *window = little_endian(head.data + start, size) + (size == 2 ? 256 : 0);
    return true;
}

static enum silt_status skip_frame(struct zstd *zstd, struct silt_error *error)
{
    struct silt_span part;
    enum silt_status status =
        silt_stream_need(zstd->inner, SKIPPABLE_HEADER, "zstd skippable frame", &part, error);
    if (status != SILT_OK)
        return status;
    uint64_t rest = SKIPPABLE_HEADER + little_endian(part.data + 4, 4);
    while (rest > 0) {
        status = silt_stream_need(zstd->inner, 1, "zstd skippable frame", &part, error);
        if (status != SILT_OK)
            return status;
        part = silt_span_slice(part, 0, rest < SIZE_MAX ? (size_t)rest : SIZE_MAX);
        silt_stream_consume(zstd->inner, part.size);
        rest -= part.size;
    }
    return SILT_OK;
}

static enum silt_status open_frame(struct zstd *zstd, struct silt_span head, struct silt_error *error)
{
    uint64_t window;
    if (!find_window(head, &window))
        return silt_stream_need(zstd->inner, head.size + 1, "zstd frame header", &head, error);
    if (zstd->max_memory > 0 && window > zstd->max_memory)
        return silt_error_set(error, SILT_ERR_LIMIT,
                              "zstd frame asks for a window of %" PRIu64 " bytes, the limit is %" PRIu64,
                              window, zstd->max_memory);
    ZSTD_DCtx_reset(zstd->context, ZSTD_reset_session_only);
    zstd->in_frame = true;
    return SILT_OK;
}

/* OK: a frame comes next. END: no further frame. */
static enum silt_status begin_frame(struct zstd *zstd, struct silt_error *error)
{
    for (;;) {
        struct silt_span head = {NULL, 0};
        enum silt_status status = silt_stream_peek(zstd->inner, HEADER_MAX, &head, error);
        if (status != SILT_OK && status != SILT_END)
            return status;
        if (status == SILT_END || (!is_skippable(head) && !is_frame(head)))
            return zstd->is_first ? silt_error_set(error, SILT_ERR_CORRUPT, "not zstd") : SILT_END;
        zstd->is_first = false;
        if (!is_skippable(head))
            return open_frame(zstd, head, error);
        status = skip_frame(zstd, error);
        if (status != SILT_OK)
            return status;
    }
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

/* zstd may still hold output when the input has ended: the end is only believed when nothing comes out. */
static enum silt_status decode(struct zstd *zstd, uint8_t *room, size_t size, size_t *made,
                               struct silt_error *error)
{
    struct silt_span input = {NULL, 0};
    enum silt_status status = silt_stream_peek(zstd->inner, 1, &input, error);
    if (status != SILT_OK)
        input = (struct silt_span){NULL, 0};
    ZSTD_inBuffer from = {input.data, input.size, 0};
    ZSTD_outBuffer to = {room, size, 0};
    size_t code = ZSTD_decompressStream(zstd->context, &to, &from);
    silt_stream_consume(zstd->inner, from.pos);
    *made = to.pos;
    if (ZSTD_isError(code))
        return refuse(code, error);
    if (code == 0)
        zstd->in_frame = false;
    if (code == 0 || to.pos > 0 || from.pos > 0)
        return SILT_OK;
    return status == SILT_END ? silt_error_set(error, SILT_ERR_CORRUPT, "truncated zstd data") : status;
}

static enum silt_status zstd_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                  struct silt_error *error)
{
    struct zstd *zstd = (struct zstd *)refill;
    enum silt_status status = SILT_OK;
    if (!zstd->in_frame)
        status = begin_frame(zstd, error);
    return status == SILT_OK ? decode(zstd, room, size, made, error) : status;
}

static void zstd_close(struct silt_refill *refill)
{
    ZSTD_freeDCtx(((struct zstd *)refill)->context);
}

static const struct silt_refill_ops zstd_ops = {zstd_fill, zstd_close};

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
    struct zstd *zstd = calloc(1, sizeof *zstd);
    if (zstd == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_refill_init(&zstd->refill, &zstd_ops, OUT_SIZE, error);
    zstd->context = status == SILT_OK ? new_context() : NULL;
    if (zstd->context == NULL) {
        free(zstd->refill.buffer);
        free(zstd);
        return silt_error_memory(error);
    }
    zstd->inner = inner;
    zstd->max_memory = max_memory;
    zstd->is_first = true;
    *out = &zstd->refill.stream;
    return SILT_OK;
}

const struct silt_codec silt_zstd_codec = {"zstd", ".zst", 4, is_zstd, zstd_open};
