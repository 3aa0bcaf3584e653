/*
 * nearby_test.c: keywords around a match.
 */
#include "confirm/nearby.h"

#include <criterion/criterion.h>

static bool near(const char *text, size_t start, size_t end, unsigned within, const char *keyword)
{
    const char *const keywords[] = {"zzzz", keyword, NULL};
    return silt_nearby_has(silt_span_text(text), start, end, within, keywords);
}

Test(nearby, finds_in_either_case_on_both_sides)
{
    cr_expect(near("the SECRET is xyz", 14, 17, 20, "secret"));
    cr_expect(near("xyz is the Secret", 0, 3, 20, "sEcReT"));
    cr_expect(near("axyzb", 1, 4, 0, "XYZ"), "inside the match");
    cr_expect_not(near("the secre is xyz", 13, 16, 20, "secret"));
}

Test(nearby, keeps_to_its_distance)
{
    cr_expect(near("key 0123456789", 4, 14, 4, "key"));
    cr_expect_not(near("key 0123456789", 4, 14, 3, "key"), "only part of it is near");
    cr_expect(near("0123456789 key", 0, 10, 4, "key"));
    cr_expect_not(near("0123456789 key", 0, 10, 3, "key"));
}

Test(nearby, without_keywords_all_is_well)
{
    const char *const none[] = {NULL};
    cr_expect(silt_nearby_has(silt_span_text("abc"), 0, 3, 0, none));
    cr_expect(silt_nearby_has(silt_span_text("abc"), 0, 3, 0, NULL));
}
