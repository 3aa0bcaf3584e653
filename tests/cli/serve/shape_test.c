/*
 * shape_test.c: names are names.
 */
#include "serve/shape.h"

#include <criterion/criterion.h>
#include <string.h>

#define HASH "d8e66a532ba8d24e2b5903056b484bfafbdef90c0c766de12e4cdfe8060b1f89"

Test(shape, good)
{
    static const char *const repositories[] = {"a", "team/app", "a.b/c__d--e", "0/1"};
    static const char *const tags[] = {"1", "latest", "_x", "V1.0-rc.1", "sha256-" HASH};
    static const char *const hosts[] = {"a.example", "localhost:5000", "[::1]:5000", "A-b.example"};
    for (size_t i = 0; i < 4; i++) {
        cr_expect(silt_shape_is_repository(repositories[i]), "%s", repositories[i]);
        cr_expect(silt_shape_is_tag(tags[i]), "%s", tags[i]);
        cr_expect(silt_shape_is_host(hosts[i]), "%s", hosts[i]);
    }
    cr_expect(silt_shape_is_tag(tags[4]));
    cr_expect(silt_shape_is_digest("sha256:" HASH));
}

Test(shape, bad)
{
    static const char *const bad[] = {"",    "/",   "a/",  "/a",   "a//b", "a/../b", "..",       "a b",
                                      "a\n", "a?b", "a#b", "a%2f", "a@b",  "<b>",    "\xc3\xa4", "A~b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(silt_shape_is_repository(bad[i]), "%s", bad[i]);
        cr_expect_not(silt_shape_is_digest(bad[i]), "%s", bad[i]);
        cr_expect_not(silt_shape_is_tag(bad[i]), "%s", bad[i]);
        cr_expect_not(silt_shape_is_host(bad[i]), "%s", bad[i]);
    }
    cr_expect_not(silt_shape_is_repository("Team/app"));
    cr_expect_not(silt_shape_is_tag("-a"));
    cr_expect_not(silt_shape_is_host(":5000"));
    cr_expect_not(silt_shape_is_digest("sha256:" HASH "0"));
    cr_expect_not(
        silt_shape_is_digest("sha256:D8E66A532BA8D24E2B5903056B484BFAFBDEF90C0C766DE12E4CDFE8060B1F89"));
    cr_expect_not(silt_shape_is_digest("sha512:" HASH));
}

Test(shape, long_names)
{
    char text[300];
    memset(text, 'a', sizeof text);
    text[256] = '\0';
    cr_expect_not(silt_shape_is_repository(text));
    cr_expect_not(silt_shape_is_host(text));
    text[255] = '\0';
    cr_expect(silt_shape_is_repository(text));
    text[129] = '\0';
    cr_expect_not(silt_shape_is_tag(text));
    text[128] = '\0';
    cr_expect(silt_shape_is_tag(text));
}
