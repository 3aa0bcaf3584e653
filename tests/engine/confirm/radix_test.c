/*
 * radix_test.c: digits and encodings: RFC 4648's vectors, and what must be refused.
 */
#include "confirm/radix.h"

#include <criterion/criterion.h>

static void expect64(const char *text, const char *wanted)
{
    uint8_t out[32];
    size_t size = silt_radix_decode64(silt_span_text(text), out, sizeof out);
    cr_assert_eq(size, strlen(wanted), "%s", text);
    cr_expect_eq(memcmp(out, wanted, size), 0, "%s", text);
}

Test(radix, decodes_base64)
{
    expect64("", "");
    expect64("Zg==", "f");
    expect64("Zg", "f");
    expect64("Zm8=", "fo");
    expect64("Zm9vYmFy", "foobar");
    expect64("_-8", "\xff\xef");
    expect64("/+8=", "\xff\xef");
}

Test(radix, refuses_what_is_no_base64)
{
    static const char *const bad[] = {"Z",     "Zg=",   "Zg===", "Z=g=", "Zm9v YmFy",
                                      "Zm9v!", "Zm9vY", "=",     "===="};
    uint8_t out[4];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(silt_radix_decode64(silt_span_text(bad[i]), out, sizeof out), SILT_RADIX_BAD, "%s",
                     bad[i]);
    cr_expect_eq(silt_radix_decode64(silt_span_text("Zm9vYmFy"), out, sizeof out), SILT_RADIX_BAD, "no room");
}

Test(radix, decodes_base32)
{
    uint8_t out[8];
    cr_expect_eq(silt_radix_decode32(silt_span_text("MZXW6YTB"), out, sizeof out), 5);
    cr_expect_eq(memcmp(out, "fooba", 5), 0);
    cr_expect_eq(silt_radix_decode32(silt_span_text("MZXW1"), out, sizeof out), SILT_RADIX_BAD);
}

Test(radix, prints_padded_digits)
{
    char out[6];
    silt_radix_print(61, SILT_RADIX_62_UPPER_FIRST, 6, out);
    cr_expect_eq(memcmp(out, "00000z", 6), 0);
    silt_radix_print(0xffffffff, SILT_RADIX_62_UPPER_FIRST, 6, out);
    cr_expect_eq(memcmp(out, "4gfFC3", 6), 0);
}

Test(radix, squeezes_white_space_and_its_escapes)
{
    uint8_t out[16];
    size_t size = silt_radix_squeeze(silt_span_text("ab\\n cd\r\n\te\\x"), out, sizeof out);
    cr_expect_eq(size, 7);
    cr_expect_eq(memcmp(out, "abcde\\x", 7), 0);
    cr_expect_eq(silt_radix_squeeze(silt_span_text("abcd"), out, 2), 2);
}
