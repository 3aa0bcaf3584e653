/*
 * Hexadecimal text there and back.
 */
#include "base/hex.h"

#include <criterion/criterion.h>

Test(hex, there_and_back)
{
    uint8_t bytes[256], again[256];
    char text[513];
    for (size_t i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    silt_hex_print(silt_span_of(bytes, 256), text);
    cr_expect_eq(strlen(text), 512);
    cr_expect_eq(strncmp(text, "000102", 6), 0);
    cr_expect_str_eq(text + 508, "feff");
    cr_assert(silt_hex_parse(silt_span_text(text), again));
    cr_expect_eq(memcmp(bytes, again, 256), 0);
}

Test(hex, anything_else)
{
    uint8_t out[8];
    cr_expect(silt_hex_parse(silt_span_text(""), out));
    cr_expect_not(silt_hex_parse(silt_span_text("abc"), out));
    cr_expect_not(silt_hex_parse(silt_span_text("AB"), out));
    cr_expect_not(silt_hex_parse(silt_span_text("0g"), out));
    cr_expect_not(silt_hex_parse(silt_span_text("`0"), out));
    cr_expect_not(silt_hex_parse(silt_span_text("0x"), out));
}
