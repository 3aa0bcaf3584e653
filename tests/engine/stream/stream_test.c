/*
 * What can be done with any stream, and that the contract test itself can fail nothing that is allowed.
 */
#include "stream/stream.h"

#include "engine/stream/contract.h"

Test(stream, least_helpful_stream_keeps_the_contract)
{
    struct silt_buffer bytes = sample_bytes(5000, 1);
    for (size_t piece = 1; piece < 100; piece += 7) {
        struct silt_stream *stream = pieces_open(silt_buffer_span(&bytes), piece, piece, SILT_ERR_IO);
        contract_check(stream, silt_buffer_span(&bytes), SILT_ERR_IO, 200, piece);
        silt_stream_free(stream);
    }
    silt_buffer_clear(&bytes);
}

Test(stream, drain)
{
    struct silt_error error = {0};
    struct silt_stream *stream = pieces_open(silt_span_text("some bytes"), 3, 1, SILT_END);
    cr_expect_eq(silt_stream_drain(stream, &error), SILT_OK);
    cr_expect_eq(stream->offset, 10);
    silt_stream_free(stream);
    stream = pieces_open(silt_span_text("some bytes"), 3, 1, SILT_ERR_DIGEST);
    cr_expect_eq(silt_stream_drain(stream, &error), SILT_ERR_DIGEST);
    cr_expect_eq(stream->offset, 10);
    silt_stream_free(stream);
    silt_stream_free(NULL);
}

static enum silt_status need(size_t want, enum silt_status behind, struct silt_error *error)
{
    struct silt_stream *stream = pieces_open(silt_span_text("0123456789"), 1, 1, behind);
    struct silt_span got;
    enum silt_status status = silt_stream_need(stream, want, "thing", &got, error);
    if (status == SILT_OK)
        cr_expect(got.size >= want && memcmp(got.data, "0123456789", got.size) == 0);
    silt_stream_free(stream);
    return status;
}

Test(stream, need)
{
    struct silt_error error = {0};
    cr_expect_eq(need(1, SILT_END, &error), SILT_OK);
    cr_expect_eq(need(10, SILT_ERR_IO, &error), SILT_OK);
    cr_expect_eq(need(11, SILT_END, &error), SILT_ERR_CORRUPT);
    cr_expect_str_eq(error.message, "truncated thing");
    cr_expect_eq(need(11, SILT_ERR_IO, &error), SILT_ERR_IO);
    cr_expect_str_eq(error.message, "the inner stream failed");
}
