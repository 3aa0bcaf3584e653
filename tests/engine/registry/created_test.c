/*
 * Dates as image configs have them (RFC 3339).
 */
#include "registry/created.h"

#include <criterion/criterion.h>

static void check(const char *text, int64_t expected)
{
    int64_t found = -1;
    cr_expect(silt_created_parse(text, &found), "%s", text);
    cr_expect_eq(found, expected, "%s: %lld", text, (long long)found);
}

Test(created, dates)
{
    check("1970-01-01T00:00:00Z", 0);
    check("2025-01-31T12:00:00Z", 1738324800);
    check("2025-01-31T12:00:00.123456789Z", 1738324800);
    check("2025-01-31T13:00:00+01:00", 1738324800);
    check("2025-01-31T06:30:00.5-05:30", 1738324800);
    int64_t out;
    static const char *const bad[] = {
        "", "2025", "2025-01-31", "2025-01-31T12:00:00", "2025-01-31T12:00:00Zx", "yesterday"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(silt_created_parse(bad[i], &out), "%s", bad[i]);
}
