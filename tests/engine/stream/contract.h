/*
 * contract.h: the contract of stream.h as a test that any stream can be put through, and the least helpful
 * inner stream that the contract allows. For the tests of this folder and of those above it.
 */
#ifndef SILT_TESTS_STREAM_CONTRACT_H
#define SILT_TESTS_STREAM_CONTRACT_H

#include "base/buffer.h"
#include "stream/stream.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* A small generator (xorshift64*), so that a seed names a run. */
static inline uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545f4914f6cdd1du;
}

static inline size_t random_below(uint64_t *seed, size_t bound)
{
    return bound > 0 ? (size_t)(random_next(seed) >> 16) % bound : 0;
}

/* Bytes that compress somewhat: words that repeat, lines, and some noise. The caller clears the buffer. */
static inline struct silt_buffer sample_bytes(size_t size, uint64_t seed)
{
    static const char *const words[] = {"layer ", "secret", "=\n", "the quick brown fox\n",
                                        "0000000000000000"};
    struct silt_buffer out = {0};
    seed += 88172645463325252u;
    while (out.size < size) {
        size_t kind = random_below(&seed, 7);
        uint64_t noise = random_next(&seed);
        struct silt_span piece = kind < 5 ? silt_span_text(words[kind]) : silt_span_of(&noise, sizeof noise);
        cr_assert_eq(silt_buffer_append(&out, silt_span_slice(piece, 0, size - out.size), NULL), SILT_OK);
    }
    return out;
}

/* Hands out as little as it may, each time in fresh memory that is freed by the next call. */
struct pieces {
    struct silt_stream stream;
    struct silt_span rest;
    size_t piece_max;
    uint64_t seed;
    enum silt_status last; /* what stands behind the bytes: END or a failure */
    uint8_t *piece;
};

static inline enum silt_status pieces_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                           struct silt_error *error)
{
    struct pieces *pieces = (struct pieces *)stream;
    free(pieces->piece);
    pieces->piece = NULL;
    if (pieces->rest.size == 0) {
        if (error != NULL && pieces->last != SILT_END)
            *error = (struct silt_error){pieces->last, "the inner stream failed"};
        return pieces->last;
    }
    size_t size = 1 + random_below(&pieces->seed, pieces->piece_max);
    struct silt_span part = silt_span_slice(pieces->rest, 0, size > want ? size : want);
    pieces->piece = malloc(part.size);
    cr_assert_not_null(pieces->piece);
    memcpy(pieces->piece, part.data, part.size);
    *out = silt_span_of(pieces->piece, part.size);
    return SILT_OK;
}

static inline void pieces_consume(struct silt_stream *stream, size_t size)
{
    struct pieces *pieces = (struct pieces *)stream;
    free(pieces->piece);
    pieces->piece = NULL;
    cr_assert_leq(size, pieces->rest.size);
    pieces->rest = silt_span_slice(pieces->rest, size, pieces->rest.size);
}

static inline void pieces_free(struct silt_stream *stream)
{
    free(((struct pieces *)stream)->piece);
    free(stream);
}

static inline struct silt_stream *pieces_open(struct silt_span bytes, size_t piece_max, uint64_t seed,
                                              enum silt_status last)
{
    static const struct silt_stream_ops ops = {pieces_peek, pieces_consume, pieces_free};
    struct pieces *pieces = calloc(1, sizeof *pieces);
    cr_assert_not_null(pieces);
    *pieces = (struct pieces){{.ops = &ops}, bytes, piece_max, seed * 2 + 1, last, NULL};
    return &pieces->stream;
}

/* Reads `stream` with random wants up to want_max and random bites, and holds it to the contract: exactly the
 * bytes of `plain` come out, then `last`, again and again. */
static inline void contract_check(struct silt_stream *stream, struct silt_span plain, enum silt_status last,
                                  size_t want_max, uint64_t seed)
{
    size_t at = 0;
    uint64_t start = stream->offset;
    seed = seed * 2 + 1;
    while (at < plain.size) {
        struct silt_span got = {NULL, 0};
        struct silt_error error = {0};
        size_t want = 1 + random_below(&seed, want_max), rest = plain.size - at;
        enum silt_status status = silt_stream_peek(stream, want, &got, &error);
        cr_assert_eq(status, SILT_OK, "%s at %zu of %zu: %s", silt_status_name(status), at, plain.size,
                     error.message);
        cr_assert(got.size >= (want < rest ? want : rest) && got.size <= rest, "%zu bytes for %zu of %zu",
                  got.size, want, rest);
        cr_assert_eq(memcmp(got.data, plain.data + at, got.size), 0, "other bytes at %zu", at);
        size_t bite = random_below(&seed, 4) == 0 ? random_below(&seed, got.size + 1) : got.size;
        silt_stream_consume(stream, bite);
        at += bite;
        cr_assert_eq(stream->offset - start, at);
    }
    for (int i = 0; i < 3; i++) {
        struct silt_span got;
        struct silt_error error = {0};
        enum silt_status status = silt_stream_peek(stream, 1 + random_below(&seed, want_max), &got, &error);
        cr_assert_eq(status, last, "%s behind %zu bytes: %s", silt_status_name(status), plain.size,
                     error.message);
        cr_assert_eq(error.message[0] != '\0', last != SILT_END, "%s", error.message);
        cr_assert_eq(error.status, last != SILT_END ? last : SILT_OK);
    }
}

/* Everything that comes out, and the status behind it. The caller clears the buffer. */
static inline enum silt_status read_all(struct silt_stream *stream, struct silt_buffer *out,
                                        struct silt_error *error)
{
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(stream, 1, &bytes, error);
        if (status != SILT_OK)
            return status;
        cr_assert_gt(bytes.size, 0);
        cr_assert_eq(silt_buffer_append(out, bytes, NULL), SILT_OK);
        silt_stream_consume(stream, bytes.size);
    }
}

#endif
