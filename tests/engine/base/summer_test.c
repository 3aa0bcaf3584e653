/*
 * Checksums against published ones, in whatever pieces.
 */
#include "base/hex.h"
#include "base/summer.h"

#include <criterion/criterion.h>

static void expect(const uint8_t *sum, size_t size, const char *hex)
{
    char text[2 * SILT_SHA256_SIZE + 1];
    silt_hex_print(silt_span_of(sum, size), text);
    cr_expect_str_eq(text, hex);
}

/* RFC 1321, appendix A.5; FIPS 180-2, appendices A.1 and B.1. */
Test(summer, published_sums)
{
    struct silt_summer *summer;
    struct silt_checksums sums = {0};
    cr_assert_eq(silt_summer_new(&summer, NULL), SILT_OK);
    silt_summer_put(summer, silt_span_text("abc"));
    silt_summer_take(summer, &sums);
    cr_expect(sums.is_known);
    expect(sums.md5, sizeof sums.md5, "900150983cd24fb0d6963f7d28e17f72");
    expect(sums.sha1, sizeof sums.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
    expect(sums.sha256, sizeof sums.sha256,
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    silt_summer_take(summer, &sums);
    expect(sums.md5, sizeof sums.md5, "d41d8cd98f00b204e9800998ecf8427e");
    silt_summer_free(summer);
    silt_summer_free(NULL);
}

Test(summer, pieces_of_any_size)
{
    enum { SIZE = 100000 };
    static uint8_t bytes[SIZE];
    struct silt_summer *summer;
    struct silt_checksums whole = {0}, pieces = {0};
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(i * 31);
    cr_assert_eq(silt_summer_new(&summer, NULL), SILT_OK);
    silt_summer_put(summer, silt_span_of(bytes, SIZE));
    silt_summer_take(summer, &whole);
    for (size_t at = 0, size = 1; at < SIZE; at += size, size = size * 2 + 1)
        silt_summer_put(summer, silt_span_slice(silt_span_of(bytes, SIZE), at, size));
    silt_summer_take(summer, &pieces);
    cr_expect_arr_eq(whole.md5, pieces.md5, sizeof whole.md5);
    cr_expect_arr_eq(whole.sha1, pieces.sha1, sizeof whole.sha1);
    cr_expect_arr_eq(whole.sha256, pieces.sha256, sizeof whole.sha256);
    silt_summer_free(summer);
}
