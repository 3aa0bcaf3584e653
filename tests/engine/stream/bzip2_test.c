/*
 * bzip2's own: the memory limit, checksums, what begins like bzip2.
 */
#include "stream/codec.h"

#include "engine/stream/encode.h"

static enum silt_status decode(struct silt_span stored, uint64_t max_memory, struct silt_error *error)
{
    struct silt_stream *inner = pieces_open(stored, 100, 1, SILT_END), *stream;
    cr_assert_eq(silt_codec_named("bzip2")->open(inner, max_memory, &stream, NULL), SILT_OK);
    enum silt_status status = silt_stream_drain(stream, error);
    silt_stream_free(stream);
    silt_stream_free(inner);
    return status;
}

Test(bzip2, memory_limit)
{
    struct silt_error error = {0};
    struct silt_buffer plain = sample_bytes(900, 1), stored = {0};
    encode("bzip2", silt_buffer_span(&plain), &stored);
    cr_expect_eq(decode(silt_buffer_span(&stored), 500000, &error), SILT_OK);
    cr_expect_eq(decode(silt_buffer_span(&stored), 499999, &error), SILT_ERR_LIMIT);
    cr_expect_str_eq(error.message, "bzip2 needs 500000 bytes of memory, the limit is 499999");
    silt_buffer_clear(&stored);
    silt_buffer_clear(&plain);
}

Test(bzip2, stream_checksum)
{
    struct silt_error error = {0};
    struct silt_buffer plain = sample_bytes(900, 1), stored = {0};
    encode("bzip2", silt_buffer_span(&plain), &stored);
    stored.data[stored.size - 3] ^= 1;
    cr_expect_eq(decode(silt_buffer_span(&stored), 0, &error), SILT_ERR_CORRUPT);
    silt_buffer_clear(&stored);
    silt_buffer_clear(&plain);
}

Test(bzip2, is_codec)
{
    cr_expect_not_null(silt_codec_find(silt_span_of("BZh9\x31\x41\x59\x26\x53\x59", 10)));
    cr_expect_not_null(silt_codec_find(silt_span_of("BZh1\x17\x72\x45\x38\x50\x90", 10)));
    cr_expect_null(silt_codec_find(silt_span_of("BZh0\x31\x41\x59\x26\x53\x59", 10)));
    cr_expect_null(silt_codec_find(silt_span_of("BZh9\x31\x41\x59\x26\x53\x58", 10)));
}
