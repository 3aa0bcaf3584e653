/*
 * gzip's own: headers of every kind, trailers, members, padding, and what gzip(1) itself writes.
 */
#include "stream/codec.h"

#include "engine/stream/encode.h"

#include <isa-l/crc.h>
#include <stdio.h>
#include <unistd.h>

enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16 };

static void put(struct silt_buffer *out, const void *bytes, size_t size)
{
    cr_assert_eq(silt_buffer_append(out, silt_span_of(bytes, size), NULL), SILT_OK);
}

static void put_many(struct silt_buffer *out, uint8_t byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(out, &byte, 1);
}

/* A member with the header fields of `flags`, each of `field` bytes. */
static void put_member(struct silt_buffer *out, struct silt_span plain, uint8_t flags, size_t field)
{
    size_t start = out->size;
    uint8_t header[10] = {0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3};
    uint8_t length[2] = {(uint8_t)field, (uint8_t)(field >> 8)};
    put(out, header, sizeof header);
    if (flags & FEXTRA) {
        put(out, length, 2);
        put_many(out, 0, field & 0xffff);
    }
    if (flags & FNAME) {
        put_many(out, 'n', field);
        put(out, "", 1);
    }
    if (flags & FCOMMENT) {
        put_many(out, 'c', field);
        put(out, "", 1);
    }
    if (flags & FHCRC) {
        uint32_t crc = crc32_gzip_refl(0, out->data + start, out->size - start);
        put(out, (uint8_t[]){(uint8_t)crc, (uint8_t)(crc >> 8)}, 2);
    }
    struct silt_buffer member = {0};
    encode("gzip", plain, &member);
    put(out, member.data + 10, member.size - 10);
    silt_buffer_clear(&member);
}

static void check(const struct silt_buffer *stored, struct silt_span plain, enum silt_status last,
                  const char *why, size_t piece_max)
{
    struct silt_stream *inner = pieces_open(silt_buffer_span(stored), piece_max, piece_max, SILT_END),
                       *stream;
    struct silt_error error = {0};
    struct silt_span rest;
    cr_assert_eq(silt_codec_named("gzip")->open(inner, 0, &stream, NULL), SILT_OK);
    contract_check(stream, plain, last, 500, piece_max);
    cr_assert_eq(silt_stream_peek(stream, 1, &rest, &error), last);
    cr_assert(why == NULL || strstr(error.message, why) != NULL, "%s instead of %s", error.message, why);
    silt_stream_free(stream);
    silt_stream_free(inner);
}

Test(gzip, header_fields_of_any_length)
{
    struct silt_buffer plain = sample_bytes(500, 1);
    static const size_t fields[] = {0, 1, 300, 65535, 200000};
    for (unsigned flags = 0; flags < 32; flags++)
        for (size_t i = 0; i < 5; i++) {
            struct silt_buffer stored = {0};
            put_member(&stored, silt_buffer_span(&plain), (uint8_t)flags, fields[i]);
            check(&stored, silt_buffer_span(&plain), SILT_END, NULL, i < 3 ? 1 : 997);
            silt_buffer_clear(&stored);
        }
    silt_buffer_clear(&plain);
}

Test(gzip, header_checksum)
{
    struct silt_buffer plain = sample_bytes(500, 1), stored = {0};
    put_member(&stored, silt_buffer_span(&plain), FHCRC | FNAME, 10);
    stored.data[12] ^= 1;
    check(&stored, silt_buffer_span(&plain), SILT_ERR_CORRUPT, "header checksum", 100);
    silt_buffer_clear(&stored);
    silt_buffer_clear(&plain);
}

Test(gzip, trailer)
{
    struct silt_buffer plain = sample_bytes(500, 1);
    for (size_t i = 1; i <= 8; i++)
        for (size_t piece = 1; piece < 30; piece += 9) {
            struct silt_buffer stored = {0};
            put_member(&stored, silt_buffer_span(&plain), 0, 0);
            stored.data[stored.size - i] ^= 0x40;
            put_member(&stored, silt_buffer_span(&plain), 0, 0); /* not reached */
            check(&stored, silt_buffer_span(&plain), SILT_ERR_CORRUPT,
                  i <= 4 ? "gzip length is" : "gzip checksum is", piece);
            silt_buffer_clear(&stored);
        }
    silt_buffer_clear(&plain);
}

Test(gzip, zero_padding)
{
    struct silt_buffer plain = sample_bytes(900, 1);
    for (size_t zeros = 1; zeros < 2000; zeros = zeros * 3 + 1) {
        struct silt_buffer stored = {0};
        put_member(&stored, silt_span_slice(silt_buffer_span(&plain), 0, 400), 0, 0);
        put_many(&stored, 0, zeros);
        put_member(&stored, silt_span_slice(silt_buffer_span(&plain), 400, 500), 0, 0);
        put_many(&stored, 0, zeros);
        size_t own = stored.size;
        put(&stored, "tail", 4);
        struct silt_stream *inner = pieces_open(silt_buffer_span(&stored), zeros, 1, SILT_END), *stream;
        cr_assert_eq(silt_codec_named("gzip")->open(inner, 0, &stream, NULL), SILT_OK);
        contract_check(stream, silt_buffer_span(&plain), SILT_END, 100, zeros);
        cr_expect_eq(inner->offset, own);
        silt_stream_free(stream);
        silt_stream_free(inner);
        silt_buffer_clear(&stored);
    }
    silt_buffer_clear(&plain);
}

/* A header that only looks like a member's belongs to the caller; one that is a member's but cut off is
 * damage. */
Test(gzip, what_follows_a_member)
{
    struct silt_buffer plain = sample_bytes(100, 1);
    static const struct {
        const char *bytes;
        size_t size;
        enum silt_status last;
    } tails[] = {{"\x1f\x8b", 2, SILT_END},
                 {"\x1f\x8b\x07\x00", 4, SILT_END},
                 {"\x1f\x8b\x08\xe0", 4, SILT_END},
                 {"\x1f\x8b\x08", 3, SILT_ERR_CORRUPT},
                 {"\x1f\x8b\x08\x08\0\0\0\0\0\3name", 14, SILT_ERR_CORRUPT}};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        struct silt_buffer stored = {0};
        put_member(&stored, silt_buffer_span(&plain), 0, 0);
        put(&stored, tails[i].bytes, tails[i].size);
        check(&stored, silt_buffer_span(&plain), tails[i].last,
              tails[i].last == SILT_END ? NULL : "truncated gzip header", 3);
        silt_buffer_clear(&stored);
    }
    silt_buffer_clear(&plain);
}

/* Damage in the middle of much output: all that stands before it comes out first. */
Test(gzip, good_bytes_before_damage)
{
    struct silt_buffer plain = sample_bytes(3000000, 1), stored = {0}, out = {0};
    encode("gzip", silt_buffer_span(&plain), &stored);
    size_t at = stored.size / 2;
    memset(stored.data + at, 0xff, 200);
    struct silt_stream *inner = pieces_open(silt_buffer_span(&stored), 100000, 1, SILT_END), *stream;
    cr_assert_eq(silt_codec_named("gzip")->open(inner, 0, &stream, NULL), SILT_OK);
    cr_expect_eq(read_all(stream, &out, NULL), SILT_ERR_CORRUPT);
    cr_expect_gt(out.size, 1000000);
    /* Symbols made of the overwritten bytes may be valid; what stands before them has to be right. */
    cr_expect_eq(memcmp(out.data, plain.data, 1000000), 0);
    silt_stream_free(stream);
    silt_stream_free(inner);
    silt_buffer_clear(&out);
    silt_buffer_clear(&stored);
    silt_buffer_clear(&plain);
}

/* The oracle: what gzip(1) writes at each level, and its members one behind the other. */
Test(gzip, of_gzip_itself, .timeout = 60)
{
    struct silt_buffer plain = sample_bytes(400000, 9), stored = {0}, twice = {0};
    char path[] = "/tmp/silt-gzip-XXXXXX", command[100];
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, plain.data, plain.size), (ssize_t)plain.size);
    close(fd);
    for (int level = 1; level <= 9; level += 4) {
        snprintf(command, sizeof command, "gzip -c -%d %s", level, path);
        FILE *pipe = popen(command, "r");
        cr_assert_not_null(pipe);
        uint8_t block[5000];
        for (size_t got; (got = fread(block, 1, sizeof block, pipe)) > 0;)
            put(&stored, block, got);
        pclose(pipe);
        put(&twice, plain.data, plain.size);
        check(&stored, silt_buffer_span(&twice), SILT_END, NULL, level == 5 ? 3000 : 200000);
    }
    remove(path);
    silt_buffer_clear(&twice);
    silt_buffer_clear(&stored);
    silt_buffer_clear(&plain);
}
