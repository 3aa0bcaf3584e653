#include "archive/tarcheck.h"

#include "archive/check.h"
#include "tar_maker.h"

#include <stdlib.h>

static uint64_t hidden(const struct silt_buffer *tar)
{
    struct silt_check check = {.ops = &silt_tarcheck};
    check.ops->gap(&check, 0, silt_buffer_span(tar));
    check.ops->end(&check, tar->size);
    return check.hidden_bytes;
}

Test(tarcheck, header)
{
    struct silt_buffer tar = {0};
    tar_header(&tar, "caf\xe9\xff", '0', 0);
    cr_expect(silt_tarcheck_is_header(tar.data));
    tar.data[3] ^= 1;
    cr_expect(!silt_tarcheck_is_header(tar.data));
    tar.data[3] ^= 1;
    memcpy(tar.data + 148, "zzzzzzzz", 8);
    cr_expect(!silt_tarcheck_is_header(tar.data));
    silt_buffer_clear(&tar);
}

/* Old tars summed signed characters: each high byte counts 256 less. */
Test(tarcheck, signed_checksum)
{
    struct silt_buffer tar = {0};
    tar_header(&tar, "caf\xe9\xff", '0', 0);
    unsigned sum = (unsigned)strtoul((char *)tar.data + 148, NULL, 8);
    snprintf((char *)tar.data + 148, 8, "%06o", sum - 512);
    cr_expect(silt_tarcheck_is_header(tar.data));
    silt_buffer_clear(&tar);
}

Test(tarcheck, explains_headers_bodies_and_zeros)
{
    struct silt_buffer tar = {0};
    tar_pax(&tar, 'x', "comment", "text", 4);
    tar_header(&tar, "dir", '5', 0);
    tar_header(&tar, "././@LongLink", 'L', 600);
    char name[600] = "name";
    tar_body(&tar, name, sizeof name);
    tar_header(&tar, "empty", '0', 0);
    put_zeros(&tar, 20 * 512 + 100);
    cr_expect_eq(hidden(&tar), 0);
    silt_buffer_clear(&tar);
}

Test(tarcheck, content_that_was_not_handed_out_is_hidden)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "x", "lost");
    cr_expect_eq(hidden(&tar), 512);
    put_zeros(&tar, 1024);
    put_text(&tar, "tail");
    cr_expect_eq(hidden(&tar), 516);
    silt_buffer_clear(&tar);
}

Test(tarcheck, content_and_its_padding)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "x", "text");
    struct silt_check check = {.ops = &silt_tarcheck};
    struct silt_span bytes = silt_buffer_span(&tar);
    check.ops->gap(&check, 0, silt_span_slice(bytes, 0, 512));
    check.ops->content(&check, 512, 4);
    check.ops->gap(&check, 516, silt_span_slice(bytes, 516, 508));
    check.ops->end(&check, 1024);
    cr_expect_eq(check.hidden_bytes, 0);
    check.ops->content(&check, 512, 3);
    check.ops->gap(&check, 515, silt_span_slice(bytes, 515, 509));
    cr_expect_eq(check.hidden_bytes, 509);
    cr_expect_eq(check.hidden_offset, 515);
    silt_buffer_clear(&tar);
}

/* Pieces of any size give the same. */
Test(tarcheck, pieces_make_no_difference)
{
    struct silt_buffer tar = {0};
    unsigned seed = 5;
    for (int i = 0; i < 60; i++) {
        tar_pax(&tar, 'x', "comment", "some text", 9);
        tar_file(&tar, "x", i % 3 == 0 ? "lost" : "");
    }
    struct silt_check check = {.ops = &silt_tarcheck};
    for (size_t i = 0, size; i < tar.size; i += size) {
        size = 1 + (size_t)rand_r(&seed) % 700;
        struct silt_span piece = silt_span_slice(silt_buffer_span(&tar), i, size);
        check.ops->gap(&check, i, piece);
        size = piece.size;
    }
    cr_expect_eq(check.hidden_bytes, 20 * 512);
    cr_expect_eq(hidden(&tar), 20 * 512);
    silt_buffer_clear(&tar);
}
