/*
 * Gathered pieces: their bytes, parted, and the way back to the window.
 */
#include "match/gather.h"

#include <criterion/criterion.h>

static struct silt_gather gather;

static void put(const char *window, size_t start, size_t end)
{
    silt_gather_put(&gather, silt_span_text(window), start, end);
}

Test(gather, joins_what_overlaps_and_parts_the_rest)
{
    const char *window = "0123456789abcdefghij";
    cr_assert_eq(silt_gather_begin(&gather, strlen(window), NULL), SILT_OK);
    put(window, 1, 4);
    put(window, 3, 6);
    put(window, 2, 5);
    put(window, 6, 8);
    put(window, 10, 20);
    cr_assert_eq(gather.size, 7 + 1 + 10);
    cr_assert_eq(memcmp(gather.bytes, "1234567\0abcdefghij", gather.size), 0);
    size_t cursor = 0;
    cr_expect_eq(silt_gather_source(&gather, 2, &cursor), 3);
    cr_expect_eq(silt_gather_source(&gather, 7, &cursor), 8);
    cr_expect_eq(silt_gather_source(&gather, 9, &cursor), 11);
    cr_expect_eq(silt_gather_source(&gather, 18, &cursor), 20);
    cr_expect_eq(silt_gather_source(&gather, 1, &cursor), 2, "backwards too");
    silt_gather_clear(&gather);
}

Test(gather, begins_anew)
{
    cr_assert_eq(silt_gather_begin(&gather, 4, NULL), SILT_OK);
    put("abcd", 0, 4);
    cr_assert_eq(silt_gather_begin(&gather, 100, NULL), SILT_OK);
    cr_expect_eq(gather.size, 0);
    put("abcd", 2, 4);
    cr_expect_eq(memcmp(gather.bytes, "cd", 2), 0);
    silt_gather_clear(&gather);
}
