#include "archive/putback.h"

#include "recorder.h"

Test(putback, puts_back_what_was_consumed)
{
    struct silt_stream *inner;
    struct silt_stream *stream;
    struct silt_span bytes;
    cr_assert_eq(silt_memory_open(silt_span_text("0123456789"), &inner, NULL), SILT_OK);
    cr_assert_eq(silt_putback_open(inner, &stream, NULL), SILT_OK);
    cr_assert_eq(silt_stream_peek(stream, 4, &bytes, NULL), SILT_OK);
    silt_stream_consume(stream, 4);
    cr_assert_eq(silt_putback_put(stream, silt_span_text("23"), NULL), SILT_OK);
    cr_expect_eq(stream->offset, 2);
    cr_assert_eq(silt_stream_peek(stream, 1, &bytes, NULL), SILT_OK);
    cr_expect(silt_span_is_text(bytes, "23"));
    cr_assert_eq(silt_stream_peek(stream, 5, &bytes, NULL), SILT_OK);
    cr_expect(silt_span_is_text(bytes, "23456"));
    silt_stream_consume(stream, 1);
    cr_assert_eq(silt_putback_put(stream, silt_span_text("12"), NULL), SILT_OK);
    cr_assert_eq(silt_stream_peek(stream, 100, &bytes, NULL), SILT_OK);
    cr_expect(silt_span_is_text(bytes, "123456789"));
    silt_stream_consume(stream, 9);
    cr_expect_eq(silt_stream_peek(stream, 1, &bytes, NULL), SILT_END);
    cr_expect_eq(stream->offset, 10);
    silt_stream_free(stream);
    silt_stream_free(inner);
}
