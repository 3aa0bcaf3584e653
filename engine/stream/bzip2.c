/*
 * bzip2.c: bzip2 streams that follow each other.
 */
#include "base/error.h"
#include "stream/codec.h"
#include "stream/refill.h"

#include <bzlib.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

enum { OUT_SIZE = 256 * 1024 };

struct bzip2 {
    struct silt_refill refill;
    struct silt_stream *inner;
    uint64_t max_memory;
    bz_stream state;
    bool is_first;
    bool in_stream;
};

/* "BZh", the block size, and the magic of a block (pi) or of an empty stream's end (the root of pi). */
static bool is_bzip2(struct silt_span head)
{
    static const uint8_t block[6] = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
    static const uint8_t end[6] = {0x17, 0x72, 0x45, 0x38, 0x50, 0x90};
    if (head.size < 4 || memcmp(head.data, "BZh", 3) != 0 || head.data[3] < '1' || head.data[3] > '9')
        return false;
    struct silt_span rest = silt_span_slice(head, 4, sizeof block);
    return memcmp(rest.data, block, rest.size) == 0 || memcmp(rest.data, end, rest.size) == 0;
}

/* BZ2_bzDecompress takes 100 KB and four bytes for each byte of a block (bzip2's manual, 3.3.2). */
static enum silt_status check_memory(const struct bzip2 *bzip2, uint8_t level, struct silt_error *error)
{
    uint64_t needed = 100000 + 400000 * (uint64_t)(level - '0');
    if (bzip2->max_memory == 0 || needed <= bzip2->max_memory)
        return SILT_OK;
    return silt_error_set(error, SILT_ERR_LIMIT,
                          "bzip2 needs %" PRIu64 " bytes of memory, the limit is %" PRIu64, needed,
                          bzip2->max_memory);
}

static enum silt_status refuse(int code, struct silt_error *error)
{
    if (code == BZ_MEM_ERROR)
        return silt_error_memory(error);
    return silt_error_set(error, SILT_ERR_CORRUPT, "damaged bzip2: %s",
                          code == BZ_DATA_ERROR_MAGIC ? "bad magic" : "bad data or checksum");
}

/* OK: a stream's data comes next. END: no further stream. */
static enum silt_status begin_stream(struct bzip2 *bzip2, struct silt_error *error)
{
    struct silt_span head = {NULL, 0};
    enum silt_status status = silt_stream_peek(bzip2->inner, 10, &head, error);
    if (status != SILT_OK && status != SILT_END)
        return status;
    if (status == SILT_END || !is_bzip2(head))
        return bzip2->is_first ? silt_error_set(error, SILT_ERR_CORRUPT, "not bzip2") : SILT_END;
    status = check_memory(bzip2, head.data[3], error);
    if (status != SILT_OK)
        return status;
    bzip2->state = (bz_stream){0};
    int code = BZ2_bzDecompressInit(&bzip2->state, 0, 0);
    if (code != BZ_OK)
        return refuse(code, error);
    bzip2->is_first = false;
    bzip2->in_stream = true;
    return SILT_OK;
}

static void end_stream(struct bzip2 *bzip2)
{
    if (bzip2->in_stream)
        BZ2_bzDecompressEnd(&bzip2->state);
    bzip2->in_stream = false;
}

static enum silt_status decode(struct bzip2 *bzip2, uint8_t *room, size_t size, size_t *made,
                               struct silt_error *error)
{
    struct silt_span input = {NULL, 0};
    enum silt_status status = silt_stream_peek(bzip2->inner, 1, &input, error);
    input = status == SILT_OK ? silt_span_slice(input, 0, INT_MAX) : (struct silt_span){NULL, 0};
    bz_stream *state = &bzip2->state;
    state->next_in = (char *)(uintptr_t)input.data; /* libbz2 only reads it */
    state->avail_in = (unsigned)input.size;
    state->next_out = (char *)room;
    state->avail_out = (unsigned)size;
    int code = BZ2_bzDecompress(state);
    size_t used = input.size - state->avail_in;
    silt_stream_consume(bzip2->inner, used);
    *made = size - state->avail_out;
    if (code == BZ_STREAM_END) {
        end_stream(bzip2);
        return SILT_OK;
    }
    if (code != BZ_OK)
        return refuse(code, error);
    if (*made > 0 || used > 0)
        return SILT_OK;
    return status == SILT_END ? silt_error_set(error, SILT_ERR_CORRUPT, "truncated bzip2 data") : status;
}

static enum silt_status bzip2_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                   struct silt_error *error)
{
    struct bzip2 *bzip2 = (struct bzip2 *)refill;
    enum silt_status status = SILT_OK;
    if (!bzip2->in_stream)
        status = begin_stream(bzip2, error);
    return status == SILT_OK ? decode(bzip2, room, size, made, error) : status;
}

static void bzip2_close(struct silt_refill *refill)
{
    end_stream((struct bzip2 *)refill);
}

static const struct silt_refill_ops bzip2_ops = {bzip2_fill, bzip2_close};

static enum silt_status bzip2_open(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                                   struct silt_error *error)
{
    struct bzip2 *bzip2 = calloc(1, sizeof *bzip2);
    if (bzip2 == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_refill_init(&bzip2->refill, &bzip2_ops, OUT_SIZE, error);
    if (status != SILT_OK) {
        free(bzip2);
        return status;
    }
    bzip2->inner = inner;
    bzip2->max_memory = max_memory;
    bzip2->is_first = true;
    *out = &bzip2->refill.stream;
    return SILT_OK;
}

const struct silt_codec silt_bzip2_codec = {"bzip2", ".bz2", 10, is_bzip2, bzip2_open};
