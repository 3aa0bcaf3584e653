/*
 * glob_test.c: which paths a glob names.
 */
#include "wildcard.h"

#include <criterion/criterion.h>
#include <string.h>

static bool fits(const char *glob, const char *path)
{
    return silt_wildcard_match(glob, (struct silt_span){(const uint8_t *)path, strlen(path)});
}

Test(wildcard, without_a_slash_is_the_name)
{
    cr_expect(fits("*.pem", "etc/ssl/key.pem"));
    cr_expect(fits("key.pem", "key.pem"));
    cr_expect(fits("k?y.*", "etc/key.pem"));
    cr_expect_not(fits("*.pem", "etc/key.pem.bak"));
    cr_expect_not(fits("ssl", "etc/ssl/key.pem"));
    cr_expect(fits("*", ""));
    cr_expect_not(fits("?", ""));
}

Test(wildcard, a_star_stops_at_slashes)
{
    cr_expect(fits("etc/*/key.pem", "etc/ssl/key.pem"));
    cr_expect_not(fits("etc/*/key.pem", "etc/ssl/private/key.pem"));
    cr_expect_not(fits("etc/*", "etc/ssl/key.pem"));
    cr_expect_not(fits("etc?ssl/*", "etc/ssl/key.pem"));
}

Test(wildcard, two_stars_do_not)
{
    cr_expect(fits("etc/**", "etc/ssl/key.pem"));
    cr_expect(fits("**/testdata/**", "testdata/a"));
    cr_expect(fits("**/testdata/**", "x/y/testdata/a/b"));
    cr_expect_not(fits("**/testdata/**", "x/mytestdata/a"));
    cr_expect(fits("**/a*b/*.pem", "x/ab/y/acb/k.pem"));
    cr_expect(fits("app.jar!/**", "app.jar!/BOOT-INF/x.yml"));
    cr_expect_not(fits("srv/**/x", "srvy/x"));
}

/* A hostile path against a hostile glob takes no exponential time. */
Test(wildcard, is_not_exponential, .timeout = 5)
{
    char path[20001], glob[401];
    memset(path, 'a', 20000);
    path[20000] = '\0';
    for (size_t i = 0; i < 400; i += 2)
        memcpy(glob + i, "*a", 2);
    glob[399] = 'b';
    glob[400] = '\0';
    cr_expect_not(fits(glob, path));
}
