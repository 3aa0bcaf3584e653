/*
 * zstd's own: skippable frames, windows, checksums, dictionaries.
 */
#include "stream/codec.h"

#include "engine/stream/encode.h"

static void put(struct silt_buffer *out, const void *bytes, size_t size)
{
    cr_assert_eq(silt_buffer_append(out, silt_span_of(bytes, size), NULL), SILT_OK);
}

static void put_skippable(struct silt_buffer *out, uint8_t kind, size_t size)
{
    uint8_t header[8] = {0x50 | kind,          0x2a, 0x4d, 0x18, (uint8_t)size, (uint8_t)(size >> 8),
                         (uint8_t)(size >> 16)};
    put(out, header, sizeof header);
    for (size_t i = 0; i < size; i++)
        put(out, "?", 1);
}

static void check(const struct silt_buffer *stored, uint64_t max_memory, struct silt_span plain,
                  enum silt_status last, const char *why, size_t piece_max)
{
    struct silt_stream *inner = pieces_open(silt_buffer_span(stored), piece_max, piece_max, SILT_END),
                       *stream;
    struct silt_error error = {0};
    struct silt_span rest;
    cr_assert_eq(silt_codec_named("zstd")->open(inner, max_memory, &stream, NULL), SILT_OK);
    contract_check(stream, plain, last, 500, piece_max);
    cr_assert_eq(silt_stream_peek(stream, 1, &rest, &error), last);
    cr_assert(why == NULL || strstr(error.message, why) != NULL, "%s instead of %s", error.message, why);
    silt_stream_free(stream);
    silt_stream_free(inner);
}

Test(zstd, skippable_frames_anywhere)
{
    struct silt_buffer plain = sample_bytes(900, 1);
    for (size_t size = 0; size < 100000; size = size * 5 + 1) {
        struct silt_buffer stored = {0};
        put_skippable(&stored, 0, size);
        encode("zstd", silt_span_slice(silt_buffer_span(&plain), 0, 400), &stored);
        put_skippable(&stored, 7, 3);
        put_skippable(&stored, 15, size);
        encode("zstd", silt_span_slice(silt_buffer_span(&plain), 400, 500), &stored);
        put_skippable(&stored, 1, size);
        const struct silt_codec *codec = silt_codec_find(silt_span_slice(silt_buffer_span(&stored), 0, 32));
        cr_assert_not_null(codec);
        cr_expect_str_eq(codec->name, "zstd");
        check(&stored, 0, silt_buffer_span(&plain), SILT_END, NULL, size < 100 ? 1 : 700);
        stored.size--;
        check(&stored, 0, silt_buffer_span(&plain), SILT_ERR_CORRUPT, "truncated zstd skippable frame", 700);
        silt_buffer_clear(&stored);
    }
    silt_buffer_clear(&plain);
}

/* lz4 shares the skippable frames. */
Test(zstd, skippable_frame_of_another_format)
{
    struct silt_buffer stored = {0};
    put_skippable(&stored, 0, 4);
    put(&stored, "\x04\x22\x4d\x18more", 8);
    cr_expect_null(silt_codec_find(silt_buffer_span(&stored)));
    silt_buffer_clear(&stored);
}

static void encode_window(struct silt_buffer *out, struct silt_span plain, int window_log)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, 0);
    ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, 10);
    ZSTD_CCtx_setParameter(context, ZSTD_c_chainLog, 10);
    cr_assert_eq(silt_buffer_reserve(out, 4096, NULL), SILT_OK);
    ZSTD_inBuffer from = {plain.data, plain.size, 0};
    ZSTD_outBuffer to = {out->data, out->capacity, 0};
    ZSTD_compressStream2(context, &to, &from,
                         ZSTD_e_flush); /* length not known: a window descriptor is written */
    cr_assert_eq(ZSTD_compressStream2(context, &to, &from, ZSTD_e_end), 0);
    out->size = to.pos;
    ZSTD_freeCCtx(context);
}

Test(zstd, window_limit)
{
    struct silt_buffer plain = sample_bytes(500, 1), stored = {0};
    encode_window(&stored, silt_buffer_span(&plain), 27);
    check(&stored, 128u << 20, silt_buffer_span(&plain), SILT_END, NULL, 100);
    check(&stored, 0, silt_buffer_span(&plain), SILT_END, NULL, 100);
    check(&stored, (128u << 20) - 1, silt_span_text(""), SILT_ERR_LIMIT,
          "window of 134217728 bytes, the limit is 134217727", 100);
    silt_buffer_clear(&stored);
    silt_buffer_clear(&plain);
}

/* Headers only: what they ask for is refused before memory is spent. */
Test(zstd, absurd_windows)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *why;
    } frames[] = {
        {"\x28\xb5\x2f\xfd\x00\xff\x01\x00\x00", 9, "window of 4123168604160 bytes"},
        {"\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x00\x00\x01\x00\x00\x01\x00\x00", 16,
         "window of 1099511627776 bytes"},
        {"\x28\xb5\x2f\xfd\xa0\x00\x00\x00\x80\x01\x00\x00", 12, "window of 2147483648 bytes"},
        {"\x28\xb5\x2f\xfd\x23\x01\x02\x03\x04\x05\x01\x00\x00", 13, "needs a dictionary"},
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        struct silt_buffer stored = {0};
        put(&stored, frames[i].bytes, frames[i].size);
        check(&stored, 128u << 20, silt_span_text(""), i < 3 ? SILT_ERR_LIMIT : SILT_ERR_UNSUPPORTED,
              frames[i].why, 100);
        silt_buffer_clear(&stored);
    }
}

Test(zstd, checksum)
{
    struct silt_buffer plain = sample_bytes(5000, 1), stored = {0};
    encode("zstd", silt_buffer_span(&plain), &stored);
    stored.data[stored.size - 1] ^= 1;
    check(&stored, 0, silt_buffer_span(&plain), SILT_ERR_CORRUPT, "checksum", 100);
    silt_buffer_clear(&stored);
    silt_buffer_clear(&plain);
}
