/*
 * Names of platforms, and which serves which.
 */
#include "image/platform.h"

#include <criterion/criterion.h>

static void check_text(const char *text, const char *expected)
{
    struct silt_platform platform;
    char out[SILT_PLATFORM_TEXT_SIZE];
    cr_assert_eq(silt_platform_parse(text, &platform, NULL), SILT_OK, "%s", text);
    silt_platform_print(&platform, out);
    cr_expect_str_eq(out, expected);
}

Test(platform, one_form)
{
    check_text("linux/amd64", "linux/amd64");
    check_text("Linux/x86_64", "linux/amd64");
    check_text("linux/aarch64", "linux/arm64");
    check_text("linux/arm64/v8", "linux/arm64/v8");
    check_text("linux/arm/7", "linux/arm/v7");
    check_text("linux/armhf", "linux/arm/v7");
    check_text("linux/armel", "linux/arm/v6");
    check_text("macos/arm64", "darwin/arm64");
    check_text("linux/i386", "linux/386");
}

Test(platform, refuses_other_texts)
{
    static const char *const bad[] = {
        "",
        "linux",
        "linux/",
        "/amd64",
        "a/b/c/d",
        "a//b",
        "linux/a-very-long-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct silt_platform platform;
        cr_expect_eq(silt_platform_parse(bad[i], &platform, NULL), SILT_ERR_USAGE, "%s", bad[i]);
    }
}

static int score(const char *wanted, const char *offered)
{
    struct silt_platform a, b;
    cr_assert_eq(silt_platform_parse(wanted, &a, NULL), SILT_OK);
    cr_assert_eq(silt_platform_parse(offered, &b, NULL), SILT_OK);
    return silt_platform_score(&a, &b);
}

Test(platform, scores)
{
    cr_expect_gt(score("linux/amd64", "linux/x86_64"), 0);
    cr_expect_eq(score("linux/amd64", "linux/arm64"), 0);
    cr_expect_eq(score("linux/amd64", "windows/amd64"), 0);
    cr_expect_eq(score("linux/arm64", "linux/arm64/v8"), score("linux/arm64", "linux/arm64"));
    cr_expect_gt(score("linux/arm/v7", "linux/arm/v7"), score("linux/arm/v7", "linux/arm/v6"));
    cr_expect_gt(score("linux/arm/v7", "linux/arm/v6"), score("linux/arm/v7", "linux/arm/v5"));
    cr_expect_eq(score("linux/arm/v6", "linux/arm/v7"), 0);
    cr_expect_gt(score("linux/amd64", "linux/amd64/v2"), score("linux/amd64", "linux/amd64/v3"));
    cr_expect_gt(score("linux/amd64/v3", "linux/amd64"), 0);
    cr_expect_gt(score("linux/mips", "linux/mips/x"), 0);
    cr_expect_eq(score("linux/mips/y", "linux/mips/x"), 0);
}

Test(platform, this_machine)
{
    struct silt_platform host, unknown;
    silt_platform_host(&host);
    cr_expect(silt_platform_is_known(&host));
    cr_expect_str_eq(host.os, "linux");
    silt_platform_init(&unknown, "unknown", "unknown", NULL);
    cr_expect_not(silt_platform_is_known(&unknown));
    silt_platform_init(&unknown, NULL, "amd64", NULL);
    cr_expect_not(silt_platform_is_known(&unknown));
}
