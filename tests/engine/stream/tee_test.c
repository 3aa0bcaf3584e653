/*
 * The tee changes nothing and hashes what was consumed.
 */
#include "stream/tee.h"

#include "engine/stream/contract.h"
#include "stream/memory.h"

Test(tee, contract_and_digest)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct silt_buffer bytes = sample_bytes(seed * 5000, seed);
        enum silt_status last = seed % 2 == 0 ? SILT_END : SILT_ERR_CORRUPT;
        struct silt_stream *inner = pieces_open(silt_buffer_span(&bytes), 1 + seed * 40, seed, last), *stream;
        cr_assert_eq(silt_tee_open(inner, &stream, NULL), SILT_OK);
        contract_check(stream, silt_buffer_span(&bytes), last, 500, seed);
        struct silt_digest made, expected;
        silt_tee_take(stream, &made);
        silt_digest_of(silt_buffer_span(&bytes), &expected);
        cr_expect(silt_digest_equal(&made, &expected));
        cr_expect_eq(inner->offset, bytes.size);
        silt_stream_free(stream);
        silt_stream_free(inner);
        silt_buffer_clear(&bytes);
    }
}

/* What was only looked at does not count. */
Test(tee, peeked_is_not_hashed)
{
    struct silt_stream *inner = pieces_open(silt_span_text("0123456789"), 4, 1, SILT_END), *stream;
    struct silt_span seen;
    struct silt_digest made, expected;
    cr_assert_eq(silt_tee_open(inner, &stream, NULL), SILT_OK);
    cr_assert_eq(silt_stream_peek(stream, 8, &seen, NULL), SILT_OK);
    silt_stream_consume(stream, 2);
    silt_stream_consume(stream, 0);
    cr_assert_eq(silt_stream_peek(stream, 8, &seen, NULL), SILT_OK);
    silt_stream_consume(stream, 1);
    silt_tee_take(stream, &made);
    silt_digest_of(silt_span_text("012"), &expected);
    cr_expect(silt_digest_equal(&made, &expected));
    silt_stream_free(stream);
    silt_stream_free(inner);
}

/* One peek may be consumed in several bites. */
Test(tee, bites_of_one_peek)
{
    struct silt_stream *inner, *stream;
    struct silt_span seen;
    struct silt_digest made, expected;
    cr_assert_eq(silt_memory_open(silt_span_text("0123456789"), &inner, NULL), SILT_OK);
    cr_assert_eq(silt_tee_open(inner, &stream, NULL), SILT_OK);
    cr_assert_eq(silt_stream_peek(stream, 8, &seen, NULL), SILT_OK);
    silt_stream_consume(stream, 2);
    silt_stream_consume(stream, 3);
    silt_tee_take(stream, &made);
    silt_digest_of(silt_span_text("01234"), &expected);
    cr_expect(silt_digest_equal(&made, &expected));
    silt_stream_free(stream);
    silt_stream_free(inner);
}
