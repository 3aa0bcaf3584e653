/*
 * What every codec of codecs.def must do, over the table.
 */
#include "stream/codec.h"

#include "engine/stream/encode.h"

static const char *const names[] = {
#define SILT_CODEC(name) #name,
#include "stream/codecs.def"
#undef SILT_CODEC
};

enum { NAME_COUNT = sizeof names / sizeof names[0] };

static bool is_repeatable(const char *name)
{
    return strcmp(name, "lzma") != 0;
}

static struct silt_stream *decoder(const char *name, struct silt_stream *inner)
{
    struct silt_stream *stream = NULL;
    cr_assert_eq(silt_codec_named(name)->open(inner, 256u << 20, &stream, NULL), SILT_OK);
    return stream;
}

/* Decodes bytes that end with `behind`; all of plain must come out, then `last`. */
static void check(const char *name, struct silt_span stored, struct silt_span plain, enum silt_status behind,
                  enum silt_status last, size_t piece_max, uint64_t seed)
{
    struct silt_stream *inner = pieces_open(stored, piece_max, seed, behind);
    struct silt_stream *stream = decoder(name, inner);
    contract_check(stream, plain, last, seed % 3 == 0 ? SILT_STREAM_PEEK_MAX : 300, seed);
    silt_stream_free(stream);
    silt_stream_free(inner);
}

Test(codec, table)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        const struct silt_codec *codec = silt_codec_named(names[i]);
        cr_assert_not_null(codec);
        cr_expect_str_eq(codec->name, names[i]);
        cr_expect_eq(codec->suffix[0], '.');
        cr_expect_leq(codec->magic_size, 32);
    }
    cr_expect_null(silt_codec_named("rar"));
}

Test(codec, found_by_head)
{
    struct silt_buffer plain = sample_bytes(3000, 1);
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct silt_buffer stored = {0};
        encode(names[i], silt_buffer_span(&plain), &stored);
        const struct silt_codec *codec = silt_codec_find(silt_span_slice(silt_buffer_span(&stored), 0, 32));
        cr_assert_not_null(codec, "%s not found", names[i]);
        cr_expect_str_eq(codec->name, names[i]);
        for (size_t size = 0; size < codec->magic_size; size++)
            cr_expect_null(silt_codec_find(silt_span_slice(silt_buffer_span(&stored), 0, size)));
        silt_buffer_clear(&stored);
    }
    cr_expect_null(silt_codec_find(silt_span_of("\x7f"
                                                "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3e\0",
                                                20)));
    cr_expect_null(silt_codec_find(silt_span_text("BZh is how some sentence begins, isn't it")));
    cr_expect_null(silt_codec_find(silt_buffer_span(&plain)));
    silt_buffer_clear(&plain);
}

Test(codec, contract, .timeout = 120)
{
    static const size_t sizes[] = {0, 1, 100, 70000, 900000};
    static const size_t piece_sizes[] = {1, 7, 5000, 200000};
    uint64_t seed = 0;
    for (size_t i = 0; i < NAME_COUNT; i++)
        for (size_t s = 0; s < 5; s++)
            for (size_t p = sizes[s] > 100000 ? 2 : 0; p < 4; p++) {
                struct silt_buffer plain = sample_bytes(sizes[s], s), stored = {0};
                encode(names[i], silt_buffer_span(&plain), &stored);
                check(names[i], silt_buffer_span(&stored), silt_buffer_span(&plain), SILT_END, SILT_END,
                      piece_sizes[p], ++seed);
                silt_buffer_clear(&stored);
                silt_buffer_clear(&plain);
            }
}

/* A few bytes of input that go on giving output, also when the inner stream has already ended. */
Test(codec, zeros)
{
    for (size_t i = 0; i < NAME_COUNT; i++)
        for (size_t size = 250000; size < 3000000; size = size * 2 + 1111) {
            struct silt_buffer plain = {calloc(1, size), size, size}, stored = {0};
            encode(names[i], silt_buffer_span(&plain), &stored);
            check(names[i], silt_buffer_span(&stored), silt_buffer_span(&plain), SILT_END, SILT_END, 10000,
                  size);
            silt_buffer_clear(&stored);
            silt_buffer_clear(&plain);
        }
}

Test(codec, several_in_a_row)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (!is_repeatable(names[i]))
            continue;
        struct silt_buffer plain = sample_bytes(5000, i), stored = {0};
        struct silt_span all = silt_buffer_span(&plain);
        encode(names[i], silt_span_slice(all, 0, 0), &stored);
        encode(names[i], silt_span_slice(all, 0, 2000), &stored);
        encode(names[i], silt_span_slice(all, 0, 0), &stored);
        encode(names[i], silt_span_slice(all, 2000, 1), &stored);
        encode(names[i], silt_span_slice(all, 2001, 5000), &stored);
        for (size_t piece = 1; piece < 40; piece++)
            check(names[i], silt_buffer_span(&stored), all, SILT_END, SILT_END, piece, piece);
        silt_buffer_clear(&stored);
        silt_buffer_clear(&plain);
    }
}

/* The decoder ends exactly in front of what is not its own. */
Test(codec, stands_behind_its_own)
{
    static const char *const tails[] = {
        "x", "garbage that is no member", "\x1f\x8b", "BZh", "\x28\xb5\x2f", "PK\3\4", "\3757zXZ"};
    for (size_t i = 0; i < NAME_COUNT; i++) {
        for (size_t t = 0; t < sizeof tails / sizeof tails[0]; t++) {
            struct silt_buffer plain = sample_bytes(3000, i), stored = {0};
            encode(names[i], silt_buffer_span(&plain), &stored);
            size_t own = stored.size;
            cr_assert_eq(silt_buffer_append(&stored, silt_span_text(tails[t]), NULL), SILT_OK);
            encode(names[i], silt_buffer_span(&plain), &stored); /* a member behind garbage is not reached */
            struct silt_stream *inner = pieces_open(silt_buffer_span(&stored), 1 + t * 20, t, SILT_END);
            struct silt_stream *stream = decoder(names[i], inner);
            contract_check(stream, silt_buffer_span(&plain), SILT_END, 300, t);
            cr_expect_eq(inner->offset, own, "%s stands at %zu, not %zu", names[i], (size_t)inner->offset,
                         own);
            silt_stream_free(stream);
            struct silt_span rest;
            cr_assert_eq(silt_stream_peek(inner, 4, &rest, NULL), SILT_OK);
            cr_expect_eq(rest.data[0], (uint8_t)tails[t][0]);
            silt_stream_free(inner);
            silt_buffer_clear(&stored);
            silt_buffer_clear(&plain);
        }
    }
}

/* Truncated anywhere: a prefix of the plain bytes, then corrupt, "truncated". Longer input never gives less.
 */
Test(codec, truncated_anywhere, .timeout = 120)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct silt_buffer plain = sample_bytes(3000, i), stored = {0};
        encode(names[i], silt_buffer_span(&plain), &stored);
        size_t most = 0;
        for (size_t size = 1; size < stored.size; size++) {
            struct silt_stream *inner = pieces_open(silt_span_slice(silt_buffer_span(&stored), 0, size),
                                                    1 + size % 50, size, SILT_END);
            struct silt_stream *stream = decoder(names[i], inner);
            struct silt_buffer out = {0};
            struct silt_error error = {0};
            enum silt_status status = read_all(stream, &out, &error);
            cr_assert_eq(status, SILT_ERR_CORRUPT, "%s cut at %zu: %s", names[i], size,
                         silt_status_name(status));
            cr_assert(strstr(error.message, "truncated") != NULL ||
                          size < silt_codec_named(names[i])->magic_size,
                      "%s cut at %zu: %s", names[i], size, error.message);
            cr_assert_leq(out.size, plain.size);
            cr_assert(out.size == 0 || memcmp(out.data, plain.data, out.size) == 0);
            cr_assert_geq(out.size, most);
            most = out.size;
            silt_buffer_clear(&out);
            silt_stream_free(stream);
            silt_stream_free(inner);
        }
        cr_expect_eq(most, plain.size, "%s: all but the trailer gives %zu of %zu", names[i], most,
                     plain.size);
        silt_buffer_clear(&stored);
        silt_buffer_clear(&plain);
    }
}

/* An inner stream that fails: what could be decoded, then its failure, not "truncated". */
Test(codec, inner_failure_passes_through)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct silt_buffer plain = sample_bytes(3000, i), stored = {0};
        encode(names[i], silt_buffer_span(&plain), &stored);
        for (size_t size = 0; size <= stored.size; size += 1 + size / 20) {
            struct silt_stream *inner =
                pieces_open(silt_span_slice(silt_buffer_span(&stored), 0, size), 9, size, SILT_ERR_IO);
            struct silt_stream *stream = decoder(names[i], inner);
            struct silt_buffer out = {0};
            struct silt_error error = {0};
            enum silt_status status = read_all(stream, &out, &error);
            cr_assert_eq(status, SILT_ERR_IO, "%s cut at %zu: %s %s", names[i], size,
                         silt_status_name(status), error.message);
            cr_assert_str_eq(error.message, "the inner stream failed");
            silt_buffer_clear(&out);
            silt_stream_free(stream);
            silt_stream_free(inner);
        }
        silt_buffer_clear(&stored);
        silt_buffer_clear(&plain);
    }
}

/* Damage in what stands behind the data takes nothing from the data. */
Test(codec, all_bytes_before_a_bad_end)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (strcmp(names[i], "lzma") == 0) /* nothing stands there */
            continue;
        for (size_t size = 1000; size < 3000000; size *= 50) {
            struct silt_buffer plain = sample_bytes(size, i), stored = {0};
            encode(names[i], silt_buffer_span(&plain), &stored);
            stored.data[stored.size - 3] ^= 0x20;
            check(names[i], silt_buffer_span(&stored), silt_buffer_span(&plain), SILT_END, SILT_ERR_CORRUPT,
                  400000, i);
            silt_buffer_clear(&stored);
            silt_buffer_clear(&plain);
        }
    }
}

/* Any byte changed: never a hang, never other bytes without a failure (but in parts no checksum covers). */
Test(codec, flipped_anywhere, .timeout = 120)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct silt_buffer plain = sample_bytes(1500, i), stored = {0};
        encode(names[i], silt_buffer_span(&plain), &stored);
        for (size_t at = 0; at < stored.size; at++) {
            stored.data[at] ^= (uint8_t)(1u << at % 8);
            struct silt_stream *inner = pieces_open(silt_buffer_span(&stored), 64, at, SILT_END);
            struct silt_stream *stream = decoder(names[i], inner);
            struct silt_buffer out = {0};
            enum silt_status status = read_all(stream, &out, NULL);
            bool same = out.size == plain.size && memcmp(out.data, plain.data, out.size) == 0;
            cr_assert(status != SILT_END || same || strcmp(names[i], "lzma") == 0, "%s: byte %zu", names[i],
                      at);
            silt_buffer_clear(&out);
            silt_stream_free(stream);
            silt_stream_free(inner);
            stored.data[at] ^= (uint8_t)(1u << at % 8);
        }
        silt_buffer_clear(&stored);
        silt_buffer_clear(&plain);
    }
}

Test(codec, not_of_this_format)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        static const char *const inputs[] = {"", "#", "#!/bin/sh\necho this is no compressed file\n"};
        for (size_t k = 0; k < 3; k++) {
            struct silt_stream *inner = pieces_open(silt_span_text(inputs[k]), 4, k, SILT_END);
            struct silt_stream *stream = decoder(names[i], inner);
            contract_check(stream, silt_span_text(""), SILT_ERR_CORRUPT, 10, k);
            cr_expect(inner->offset == 0 || k < 2);
            silt_stream_free(stream);
            silt_stream_free(inner);
        }
    }
}
