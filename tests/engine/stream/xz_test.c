/*
 * xz's own: stream padding, the memory limit, filters that liblzma does not know.
 */
#include "stream/codec.h"

#include "engine/stream/encode.h"

static void put_zeros(struct silt_buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(silt_buffer_append(out, silt_span_of("", 1), NULL), SILT_OK);
}

/* Padding comes in groups of four; what is left of it, and what follows it, is not the format's. */
Test(xz, padding)
{
    struct silt_buffer plain = sample_bytes(900, 1);
    for (size_t zeros = 0; zeros < 20; zeros++) {
        struct silt_buffer stored = {0};
        encode("xz", silt_span_slice(silt_buffer_span(&plain), 0, 400), &stored);
        put_zeros(&stored, zeros / 4 * 4);
        encode("xz", silt_span_slice(silt_buffer_span(&plain), 400, 500), &stored);
        size_t own = stored.size + zeros / 4 * 4;
        put_zeros(&stored, zeros);
        struct silt_stream *inner = pieces_open(silt_buffer_span(&stored), 1 + zeros, 1, SILT_END), *stream;
        cr_assert_eq(silt_codec_named("xz")->open(inner, 0, &stream, NULL), SILT_OK);
        contract_check(stream, silt_buffer_span(&plain), SILT_END, 100, zeros);
        cr_expect_eq(inner->offset, own);
        silt_stream_free(stream);
        silt_stream_free(inner);
        silt_buffer_clear(&stored);
    }
    silt_buffer_clear(&plain);
}

static void check_refusal(const char *name, uint64_t max_memory, struct silt_span stored,
                          enum silt_status status, const char *why)
{
    struct silt_stream *inner = pieces_open(stored, 100, 1, SILT_END), *stream;
    struct silt_error error = {0};
    cr_assert_eq(silt_codec_named(name)->open(inner, max_memory, &stream, NULL), SILT_OK);
    cr_expect_eq(silt_stream_drain(stream, &error), status, "%s", error.message);
    cr_expect(strstr(error.message, why) != NULL, "%s instead of %s", error.message, why);
    silt_stream_free(stream);
    silt_stream_free(inner);
}

Test(xz, memory_limit)
{
    struct silt_buffer plain = sample_bytes(900, 1), xz = {0}, lzma = {0};
    encode("xz", silt_buffer_span(&plain), &xz);
    encode("lzma", silt_buffer_span(&plain), &lzma);
    check_refusal("xz", 100000, silt_buffer_span(&xz), SILT_ERR_LIMIT, "the limit is 100000");
    check_refusal("lzma", 100000, silt_buffer_span(&lzma), SILT_ERR_LIMIT, "the limit is 100000");
    silt_buffer_clear(&lzma);
    silt_buffer_clear(&xz);
    silt_buffer_clear(&plain);
}
