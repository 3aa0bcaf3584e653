/*
 * Base64 of either alphabet, and nothing else.
 */
#include "image/package_base64.h"

#include <criterion/criterion.h>

static bool decodes(const char *text, const char *expected)
{
    uint8_t out[16] = {0};
    size_t size = strlen(expected);
    return silt_package_base64_decode(silt_span_text(text), out, size) && memcmp(out, expected, size) == 0;
}

/* RFC 4648, section 10. */
Test(package_base64, published_texts)
{
    cr_expect(decodes("", "") && decodes("Zg==", "f") && decodes("Zm8=", "fo") && decodes("Zm9v", "foo"));
    cr_expect(decodes("Zm9vYg", "foob") && decodes("Zm9vYmE", "fooba") && decodes("Zm9vYmFy", "foobar"));
    cr_expect(decodes("-_-_", "\xfb\xff\xbf") && decodes("+/+/", "\xfb\xff\xbf"));
}

Test(package_base64, other_lengths_and_characters)
{
    cr_expect_not(decodes("Zm9vYmFy", "fooba"));
    cr_expect_not(decodes("Zm9v", "foob"));
    cr_expect_not(decodes("Zm 9", "foo"));
    cr_expect_not(decodes("Zm=v", "foo"));
}
