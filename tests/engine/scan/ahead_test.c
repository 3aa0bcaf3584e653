/*
 * The reading thread keeps the stream contract, whatever pieces its inner stream hands out.
 */
#include "scan/ahead.h"

#include "base/error.h"
#include "stream/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* A stream that hands out bounded pieces and ends with a failure if asked to. */
struct drip {
    struct silt_stream stream;
    struct silt_span rest;
    size_t piece;
    enum silt_status end;
};

static enum silt_status drip_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                  struct silt_error *error)
{
    struct drip *drip = (struct drip *)stream;
    if (drip->rest.size == 0)
        return drip->end == SILT_END ? SILT_END : silt_error_set(error, drip->end, "dripped dry");
    *out = silt_span_slice(drip->rest, 0, want > drip->piece ? want : drip->piece);
    return SILT_OK;
}

static void drip_consume(struct silt_stream *stream, size_t size)
{
    struct drip *drip = (struct drip *)stream;
    drip->rest = silt_span_slice(drip->rest, size, drip->rest.size);
}

static void drip_free(struct silt_stream *stream)
{
    (void)stream;
}

static const struct silt_stream_ops drip_ops = {drip_peek, drip_consume, drip_free};

static void check(size_t size, size_t piece, enum silt_status end, unsigned seed)
{
    uint8_t *bytes = malloc(size + 1);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)rand_r(&seed);
    struct drip drip = {{.ops = &drip_ops}, {bytes, size}, piece, end};
    struct silt_stream *ahead;
    cr_assert_eq(silt_ahead_open(&drip.stream, &ahead, NULL), SILT_OK);
    size_t at = 0;
    enum silt_status status;
    struct silt_span got;
    struct silt_error error = {0};
    for (;;) {
        size_t want = 1 + (size_t)rand_r(&seed) % SILT_STREAM_PEEK_MAX;
        status = silt_stream_peek(ahead, want, &got, &error);
        if (status != SILT_OK)
            break;
        cr_assert(got.size >= want || at + got.size == size);
        cr_assert_eq(memcmp(got.data, bytes + at, got.size), 0);
        size_t take = (size_t)rand_r(&seed) % (got.size + 1);
        silt_stream_consume(ahead, take);
        at += take;
    }
    cr_expect_eq(at, size);
    cr_expect_eq(status, end);
    if (end != SILT_END)
        cr_expect_str_eq(error.message, "dripped dry");
    cr_expect_eq(silt_stream_peek(ahead, 1, &got, NULL), end);
    silt_stream_free(ahead);
    free(bytes);
}

Test(ahead, keeps_every_byte)
{
    for (unsigned seed = 1; seed < 6; seed++) {
        check(3000000, 1000 + seed * 70000, SILT_END, seed);
        check(700000, 100, SILT_END, seed);
    }
    check(0, 10, SILT_END, 9);
}

Test(ahead, hands_out_all_bytes_before_a_failure)
{
    check(1000000, 65536, SILT_ERR_CORRUPT, 3);
    check(0, 10, SILT_ERR_IO, 3);
}

Test(ahead, can_be_left_early)
{
    size_t size = 8 << 20;
    uint8_t *bytes = calloc(1, size);
    for (int i = 0; i < 20; i++) {
        struct drip drip = {{.ops = &drip_ops}, {bytes, size}, 65536, SILT_END};
        struct silt_stream *ahead;
        struct silt_span got;
        cr_assert_eq(silt_ahead_open(&drip.stream, &ahead, NULL), SILT_OK);
        if (i % 2 == 0)
            cr_assert_eq(silt_stream_peek(ahead, 1, &got, NULL), SILT_OK);
        silt_stream_free(ahead);
    }
    free(bytes);
}
