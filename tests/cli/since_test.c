/*
 * Dates and ages.
 */
#include "since.h"

#include <criterion/criterion.h>

static const int64_t now = 1738324800; /* 2025-01-31 12:00 */

static void check(const char *text, int64_t expected)
{
    int64_t found = -1;
    cr_expect(silt_since_parse(text, now, &found), "%s", text);
    cr_expect_eq(found, expected, "%s: %lld", text, (long long)found);
}

Test(since, dates_and_ages)
{
    check("2025-01-31", now - 12 * 3600);
    check("2025-01-31T12:00:00Z", now);
    check("2025-01-31 11:00:00", now - 3600);
    check("7d", now - 7 * 86400);
    check("2w", now - 14 * 86400);
    check("36h", now - 36 * 3600);
    check("1h30m", now - 5400);
}

Test(since, nonsense)
{
    static const char *const bad[] = {"",     "yesterday", "2025-13-01",  "7days",        "-7d",
                                      "none", "0",         "2025-01-31x", "999999999999d"};
    int64_t out;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(silt_since_parse(bad[i], now, &out), "%s", bad[i]);
}
