/*
 * utf8_test.c: broken UTF-8 becomes U+FFFD, one for each maximal subpart, as decoders of other languages do
 * it.
 */
#include "utf8.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define BAD "\xef\xbf\xbd"
#define SPAN(text) ((struct silt_span){(const uint8_t *)(text), sizeof(text) - 1})

static void check(struct silt_span text, struct silt_span expected)
{
    size_t size;
    char *out = silt_utf8_repair_new(text, &size);
    cr_assert_not_null(out);
    cr_expect(size == expected.size && memcmp(out, expected.data, size) == 0, "got %s", out);
    cr_expect_eq(out[size], '\0');
    cr_expect(silt_utf8_is_valid((struct silt_span){(const uint8_t *)out, size}));
    free(out);
}

Test(utf8, repairs_maximal_subparts)
{
    check(SPAN(""), SPAN(""));
    check(SPAN("a\0b"), SPAN("a\0b"));
    check(SPAN("\xc3\xa9\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf"), SPAN("\xc3\xa9\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf"));
    /* the example of the Unicode standard, section 3.9, table 3-8 and following */
    check(SPAN("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"), SPAN(BAD BAD BAD BAD BAD BAD BAD BAD "A"));
    check(SPAN("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"), SPAN(BAD BAD BAD BAD BAD BAD BAD BAD "A"));
    check(SPAN("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"), SPAN(BAD BAD BAD BAD BAD "A" BAD BAD "B"));
    check(SPAN("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"), SPAN(BAD BAD BAD BAD "A"));
}

Test(utf8, knows_what_is_valid)
{
    cr_expect(silt_utf8_is_valid(SPAN("plain \xe2\x82\xac")));
    cr_expect_not(silt_utf8_is_valid(SPAN("\xe2\x82")));
    cr_expect_not(silt_utf8_is_valid(SPAN("\x80")));
    cr_expect_not(silt_utf8_is_valid(SPAN("\xc1\xbf")));
}
