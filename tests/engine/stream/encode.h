/*
 * encode.h: makes compressed bytes for tests, with the formats' own libraries.
 */
#ifndef SILT_TESTS_STREAM_ENCODE_H
#define SILT_TESTS_STREAM_ENCODE_H

#include "engine/stream/contract.h"

#include <bzlib.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <zstd.h>

static inline size_t encode_gzip(struct silt_span plain, uint8_t *out, size_t room)
{
    struct isal_zstream *state = calloc(1, sizeof *state);
    uint8_t *level_buffer = malloc(ISAL_DEF_LVL1_DEFAULT);
    isal_deflate_init(state);
    state->level = 1;
    state->level_buf = level_buffer;
    state->level_buf_size = ISAL_DEF_LVL1_DEFAULT;
    state->end_of_stream = 1;
    state->gzip_flag = IGZIP_GZIP;
    state->next_in = (uint8_t *)(uintptr_t)plain.data;
    state->avail_in = (uint32_t)plain.size;
    state->next_out = out;
    state->avail_out = (uint32_t)room;
    cr_assert_eq(isal_deflate(state), COMP_OK);
    size_t size = state->total_out;
    free(level_buffer);
    free(state);
    return size;
}

static inline size_t encode_zstd(struct silt_span plain, uint8_t *out, size_t room)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t size = ZSTD_compress2(context, out, room, plain.data, plain.size);
    cr_assert(!ZSTD_isError(size));
    ZSTD_freeCCtx(context);
    return size;
}

static inline size_t encode_xz(struct silt_span plain, uint8_t *out, size_t room)
{
    size_t size = 0;
    cr_assert_eq(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, plain.data, plain.size, out, &size, room),
                 LZMA_OK);
    return size;
}

static inline size_t encode_lzma(struct silt_span plain, uint8_t *out, size_t room)
{
    lzma_options_lzma options;
    lzma_stream state = LZMA_STREAM_INIT;
    lzma_lzma_preset(&options, 1);
    cr_assert_eq(lzma_alone_encoder(&state, &options), LZMA_OK);
    state.next_in = plain.data;
    state.avail_in = plain.size;
    state.next_out = out;
    state.avail_out = room;
    cr_assert_eq(lzma_code(&state, LZMA_FINISH), LZMA_STREAM_END);
    size_t size = room - state.avail_out;
    lzma_end(&state);
    return size;
}

static inline size_t encode_bzip2(struct silt_span plain, uint8_t *out, size_t room)
{
    unsigned size = (unsigned)room;
    cr_assert_eq(BZ2_bzBuffToBuffCompress((char *)out, &size,
                                          plain.size > 0 ? (char *)(uintptr_t)plain.data : (char *)out,
                                          (unsigned)plain.size, 1, 0, 0),
                 BZ_OK);
    return size;
}

/* Appends one member, frame or stream of a codec to out. */
static inline void encode(const char *codec, struct silt_span plain, struct silt_buffer *out)
{
    size_t room = plain.size + plain.size / 8 + 4096;
    cr_assert_eq(silt_buffer_reserve(out, out->size + room, NULL), SILT_OK);
    uint8_t *to = out->data + out->size;
    if (strcmp(codec, "gzip") == 0)
        out->size += encode_gzip(plain, to, room);
    else if (strcmp(codec, "zstd") == 0)
        out->size += encode_zstd(plain, to, room);
    else if (strcmp(codec, "xz") == 0)
        out->size += encode_xz(plain, to, room);
    else if (strcmp(codec, "lzma") == 0)
        out->size += encode_lzma(plain, to, room);
    else if (strcmp(codec, "bzip2") == 0)
        out->size += encode_bzip2(plain, to, room);
    else
        cr_assert_fail("no encoder for %s", codec);
}

#endif
