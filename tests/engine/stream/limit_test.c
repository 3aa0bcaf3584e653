/*
 * Limits of size and ratio.
 */
#include "stream/limit.h"

#include "engine/stream/encode.h"
#include "stream/codec.h"
#include "stream/memory.h"

static void check(size_t size, uint64_t max_bytes, size_t out, enum silt_status last, enum silt_status behind)
{
    struct silt_buffer bytes = sample_bytes(size, size);
    struct silt_stream *inner = pieces_open(silt_buffer_span(&bytes), 50, size, behind), *stream;
    cr_assert_eq(silt_limit_open(inner, max_bytes, NULL, 0, &stream, NULL), SILT_OK);
    contract_check(stream, silt_span_slice(silt_buffer_span(&bytes), 0, out), last, 300, size);
    silt_stream_free(stream);
    silt_stream_free(inner);
    silt_buffer_clear(&bytes);
}

Test(limit, bytes)
{
    check(5000, 0, 5000, SILT_END, SILT_END);
    check(5000, 6000, 5000, SILT_END, SILT_END);
    check(5000, 5000, 5000, SILT_END, SILT_END);
    check(5000, 5000, 5000, SILT_ERR_IO, SILT_ERR_IO);
    check(5000, 4999, 4999, SILT_ERR_LIMIT, SILT_END);
    check(5000, 1, 1, SILT_ERR_LIMIT, SILT_END);
    check(0, 1, 0, SILT_END, SILT_END);
}

/* Zeros in gzip are about 1000 to 1 (isal level 1: some hundred). */
static enum silt_status expand(size_t zeros, unsigned max_ratio, uint64_t *came, struct silt_error *error)
{
    struct silt_buffer plain = {calloc(1, zeros), zeros, zeros}, stored = {0};
    struct silt_stream *inner, *decoder, *stream;
    encode("gzip", silt_buffer_span(&plain), &stored);
    cr_assert_eq(silt_memory_open(silt_buffer_span(&stored), &inner, NULL), SILT_OK);
    cr_assert_eq(silt_codec_named("gzip")->open(inner, 0, &decoder, NULL), SILT_OK);
    cr_assert_eq(silt_limit_open(decoder, 0, inner, max_ratio, &stream, NULL), SILT_OK);
    enum silt_status status = silt_stream_drain(stream, error);
    *came = stream->offset;
    silt_stream_free(stream);
    silt_stream_free(decoder);
    silt_stream_free(inner);
    silt_buffer_clear(&plain);
    silt_buffer_clear(&stored);
    return status;
}

Test(limit, ratio)
{
    struct silt_error error = {0};
    uint64_t came;
    cr_expect_eq(expand(20 << 20, 10, &came, &error), SILT_ERR_LIMIT);
    cr_expect(came >= 1 << 20 && came <= 3 << 20, "%zu", (size_t)came);
    cr_expect(strstr(error.message, "10 times") != NULL, "%s", error.message);
    cr_expect_eq(expand(1 << 20, 10, &came, &error), SILT_OK, "the first MiB is free");
    cr_expect_eq(expand(20 << 20, 2000, &came, &error), SILT_OK);
    cr_expect_eq(expand(20 << 20, 0, &came, &error), SILT_OK);
    cr_expect_eq(came, 20 << 20);
}
