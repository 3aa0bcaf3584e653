/*
 * bzip2.c: bzip2 streams that follow each other.
 */
#include "base/error.h"
#include "stream/codec.h"
#include "stream/decoder.h"

#include <bzlib.h>
#include <inttypes.h>

struct bzip2 {
    struct silt_decoder decoder;
    bz_stream state; /* initialised while in a member */
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

static enum silt_status refuse(int code, struct silt_error *error)
{
    if (code == BZ_MEM_ERROR)
        return silt_error_memory(error);
    return silt_error_set(error, SILT_ERR_CORRUPT, "damaged bzip2: %s",
                          code == BZ_DATA_ERROR_MAGIC ? "bad magic" : "bad data or checksum");
}

/* BZ2_bzDecompress takes 100 KB and four bytes for each byte of a block (bzip2's manual, 2.3). */
static uint64_t memory_needed(uint8_t level)
{
    return 100000 + 400000 * (uint64_t)(level - '0');
}

static enum silt_status begin(struct silt_decoder *decoder, struct silt_span head, struct silt_error *error)
{
    struct bzip2 *bzip2 = (struct bzip2 *)decoder;
    uint64_t needed = memory_needed(head.data[3]);
    if (needed > decoder->max_memory)
        return silt_error_set(error, SILT_ERR_LIMIT,
                              "bzip2 needs %" PRIu64 " bytes of memory, the limit is %" PRIu64, needed,
                              decoder->max_memory);
    bzip2->state = (bz_stream){0};
    int code = BZ2_bzDecompressInit(&bzip2->state, 0, 0);
    if (code != BZ_OK)
        return refuse(code, error);
    decoder->in_member = true;
    return SILT_OK;
}

static enum silt_status decode(struct silt_decoder *decoder, struct silt_decoder_step *step,
                               struct silt_error *error)
{
    bz_stream *state = &((struct bzip2 *)decoder)->state;
    state->next_in = (char *)(uintptr_t)step->input.data; /* libbz2 only reads it */
    state->avail_in = (unsigned)step->input.size;
    state->next_out = (char *)step->room;
    state->avail_out = (unsigned)step->size;
    int code = BZ2_bzDecompress(state);
    step->used = step->input.size - state->avail_in;
    step->made = step->size - state->avail_out;
    if (code == BZ_STREAM_END)
        return SILT_END;
    return code == BZ_OK ? SILT_OK : refuse(code, error);
}

static enum silt_status finish(struct silt_decoder *decoder, struct silt_error *error)
{
    (void)error;
    BZ2_bzDecompressEnd(&((struct bzip2 *)decoder)->state);
    return SILT_OK;
}

static void bzip2_close(struct silt_decoder *decoder)
{
    if (decoder->in_member)
        BZ2_bzDecompressEnd(&((struct bzip2 *)decoder)->state);
}

static const struct silt_decoder_ops bzip2_ops = {
    .name = "bzip2",
    .magic_size = 10,
    .head_size = 10,
    .is_next = is_bzip2,
    .begin = begin,
    .step = decode,
    .finish = finish,
    .close = bzip2_close,
};

static enum silt_status bzip2_open(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                                   struct silt_error *error)
{
    struct silt_decoder *decoder;
    enum silt_status status =
        silt_decoder_new(sizeof(struct bzip2), &bzip2_ops, inner, max_memory, &decoder, error);
    if (status == SILT_OK)
        *out = silt_decoder_stream(decoder);
    return status;
}

const struct silt_codec silt_bzip2_codec = {"bzip2", ".bz2", 10, is_bzip2, bzip2_open};
