/*
 * equal_test.c: secrets are compared whole.
 */
#include "serve/equal.h"

#include <criterion/criterion.h>

Test(equal, texts)
{
    cr_expect(silt_equal_secret("abcdef", "abcdef"));
    static const char *const others[] = {"",       "a",       "abcde",        "abcdeg",
                                         "bbcdef", "abcdef ", "abcdefabcdef", "ABCDEF"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_not(silt_equal_secret(others[i], "abcdef"), "%s", others[i]);
    cr_expect_not(silt_equal_secret(NULL, "abcdef"));
    cr_expect_not(silt_equal_secret("", ""), "an empty secret opens nothing");
    cr_expect_not(silt_equal_secret("x", ""));
}

Test(equal, bytes)
{
    cr_expect(silt_equal_bytes("a\0b", "a\0b", 3));
    cr_expect_not(silt_equal_bytes("a\0b", "a\0c", 3));
    cr_expect(silt_equal_bytes("", "", 0));
}
