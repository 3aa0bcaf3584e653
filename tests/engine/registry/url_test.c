/*
 * Addresses: which site they lead to, which are refused, and how references join them.
 */
#include "registry/url.h"

#include <criterion/criterion.h>

static struct silt_site site_of(const char *url)
{
    struct silt_site site;
    struct silt_error error = {0};
    cr_assert_eq(silt_url_site(url, &site, &error), SILT_OK, "%s: %s", url, error.message);
    return site;
}

Test(url, sites)
{
    struct silt_site site = site_of("HTTPS://Host.Example/a?b");
    cr_expect(site.is_tls);
    cr_expect_str_eq(site.host, "host.example");
    cr_expect_eq(site.port, 443);
    struct silt_site other = site_of("https://host.example:443");
    cr_expect(silt_url_is_same(&site, &other));
    other = site_of("http://host.example:443");
    cr_expect_not(silt_url_is_same(&site, &other));
    other = site_of("https://host.example:444");
    cr_expect_not(silt_url_is_same(&site, &other));
    other = site_of("https://host.example.evil/");
    cr_expect_not(silt_url_is_same(&site, &other));
    cr_expect_str_eq(site_of("http://[::1]:5000/").host, "[::1]");
}

Test(url, what_is_refused)
{
    static const char *const bad[] = {
        "file:///etc/passwd",    "ftp://host/",    "gopher://host/", "https://user@host/",
        "https://user:pw@host/", "https://",       "host/path",      "",
        "https://host:99999/",   "https://ho st/", "data:x",         "https://:pw@host/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct silt_site site;
        cr_expect_eq(silt_url_site(bad[i], &site, NULL), SILT_ERR_CORRUPT, "%s", bad[i]);
    }
}

Test(url, lists)
{
    const char *const list[] = {"localhost", "Host.Example:5000", "[::1]:80", NULL};
    struct silt_site site = site_of("http://localhost:1234/");
    cr_expect(silt_url_is_listed(&site, list));
    site = site_of("http://host.example:5000/");
    cr_expect(silt_url_is_listed(&site, list));
    site = site_of("http://host.example:5001/");
    cr_expect_not(silt_url_is_listed(&site, list));
    site = site_of("http://[::1]/");
    cr_expect(silt_url_is_listed(&site, list));
    site = site_of("http://localhost.evil/");
    cr_expect_not(silt_url_is_listed(&site, list));
    site = site_of("http://local/");
    cr_expect_not(silt_url_is_listed(&site, list));
    cr_expect_not(silt_url_is_listed(&site, NULL));
}

static void check_join(const char *base, const char *reference, const char *expected)
{
    struct silt_buffer out = {0};
    struct silt_error error = {0};
    enum silt_status status = silt_url_join(base, silt_span_text(reference), &out, &error);
    if (expected == NULL) {
        cr_expect_eq(status, SILT_ERR_CORRUPT, "%s", reference);
    } else {
        cr_assert_eq(status, SILT_OK, "%s: %s", reference, error.message);
        cr_expect_str_eq((const char *)out.data, expected);
    }
    silt_buffer_clear(&out);
}

Test(url, joining)
{
    const char *base = "https://host/v2/a/tags/list?n=2";
    check_join(base, "/v2/b?x=1", "https://host/v2/b?x=1");
    check_join(base, "list?last=b", "https://host/v2/a/tags/list?last=b");
    check_join(base, "http://other:81/x", "http://other:81/x");
    check_join(base, "//other/x", "https://other/x");
    check_join(base, "file:///etc/passwd", NULL);
    check_join(base, "//user:pw@other/x", NULL);
    check_join(base, "", NULL);
}

Test(url, escaping)
{
    struct silt_buffer out = {0};
    cr_assert_eq(silt_url_escape(&out, "a-Z_0.~ /:\xc3\xa9&", NULL), SILT_OK);
    cr_expect(silt_span_is_text(silt_buffer_span(&out), "a-Z_0.~%20%2F%3A%C3%A9%26"));
    silt_buffer_clear(&out);
}
