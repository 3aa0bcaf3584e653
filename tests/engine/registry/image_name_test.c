/*
 * Image references as docker reads them: what is a host, what is on Docker Hub, and what is no reference.
 */
#include "registry/image_name.h"

#include <criterion/criterion.h>

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void check(const char *text, const char *host, const char *repository, const char *tag,
                  const char *digest)
{
    struct silt_image_name name;
    struct silt_error error = {0};
    cr_assert_eq(silt_image_name_parse(silt_span_text(text), &name, &error), SILT_OK, "%s: %s", text,
                 error.message);
    cr_expect_str_eq(name.host, host, "%s", text);
    cr_expect_str_eq(name.repository, repository, "%s", text);
    cr_expect_str_eq(name.tag, tag, "%s", text);
    cr_expect_str_eq(name.digest, digest, "%s", text);
}

static void check_none(const char *text, const char *part)
{
    struct silt_image_name name;
    struct silt_error error = {0};
    cr_expect_eq(silt_image_name_parse(silt_span_text(text), &name, &error), SILT_ERR_USAGE, "%s", text);
    cr_expect(strstr(error.message, part) != NULL, "%s: %s", text, error.message);
}

Test(image_name, docker_hub)
{
    check("alpine", "docker.io", "library/alpine", "", "");
    check("alpine:3.19", "docker.io", "library/alpine", "3.19", "");
    check("team/app", "docker.io", "team/app", "", "");
    check("docker.io/alpine", "docker.io", "library/alpine", "", "");
    check("index.docker.io/team/app:1", "docker.io", "team/app", "1", "");
    check("registry-1.docker.io/library/alpine", "docker.io", "library/alpine", "", "");
    check("alpine@" DIGEST, "docker.io", "library/alpine", "", DIGEST);
    cr_expect_str_eq(silt_image_name_api_host("docker.io"), "registry-1.docker.io");
    cr_expect_str_eq(silt_image_name_api_host("quay.io"), "quay.io");
}

Test(image_name, hosts)
{
    check("localhost/a", "localhost", "a", "", "");
    check("localhost:5000/a/b:1", "localhost:5000", "a/b", "1", "");
    check("host:5000/a", "host:5000", "a", "", "");
    check("Host/a", "Host", "a", "", "");
    check("ghcr.io/a/b/c:v1@" DIGEST, "ghcr.io", "a/b/c", "v1", DIGEST);
    check("[::1]:5000/a", "[::1]:5000", "a", "", "");
    check("127.0.0.1:5000/a", "127.0.0.1:5000", "a", "", "");
    check("localhost:5000", "docker.io", "library/localhost", "5000", "");
    check_none("host:port/a", "no host");
    check_none("-host.example/a", "no host");
    check_none("a..b/c", "no host");
    check_none("[::1/a", "no host");
    check_none("host.example:123456/a", "no host");
}

Test(image_name, separators)
{
    check("x/a.b_c__d--e/f---g", "docker.io", "x/a.b_c__d--e/f---g", "", "");
    static const char *const bad[] = {"a//b", "/a",  "a/", "a/.b", "a/b-",   "a/b..c", "a/b___c",
                                      "a/B",  "a b", "",   "a/_b", "a/b._c", "x\n",    "a/b%2e"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct silt_image_name name;
        cr_expect_eq(silt_image_name_parse(silt_span_text(bad[i]), &name, NULL), SILT_ERR_USAGE, "'%s'",
                     bad[i]);
    }
}

Test(image_name, tags_and_digests)
{
    char tag[160] = "a:";
    memset(tag + 2, 'x', 128);
    check(tag, "docker.io", "library/a", tag + 2, "");
    tag[130] = 'x';
    check_none(tag, "no tag");
    check_none("a:", "no tag");
    check_none("a:.b", "no tag");
    check_none("a:-b", "no tag");
    check_none("a:b/c:d/e:?", "no tag");
    check_none("a@sha256:00", "no digest");
    check_none("a@", "no digest");
    check_none("a@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", "no digest");
    check_none("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "docker-daemon");
    cr_expect(silt_image_name_is_digest(silt_span_text("blake3:00112233445566778899aabbccddeeff")));
    cr_expect_not(silt_image_name_is_digest(silt_span_text("sha512:00112233445566778899aabbccddeeff")));
    cr_expect_not(silt_image_name_is_digest(silt_span_text("../x:00112233445566778899aabbccddeeff")));
    cr_expect_not(silt_image_name_is_digest(silt_span_text(":00112233445566778899aabbccddeeff")));
}

Test(image_name, lengths)
{
    char text[700];
    memset(text, 'a', sizeof text);
    text[255] = '\0';
    check_none(text, "no name of a repository");
    memcpy(text, "host.example/", 13);
    text[13 + 240] = '\0';
    struct silt_image_name name;
    cr_expect_eq(silt_image_name_parse(silt_span_text(text), &name, NULL), SILT_OK);
    memset(text, 'a', sizeof text);
    memcpy(text + 300, ".b/c", 5);
    check_none(text, "no host");
}

Test(image_name, a_host_alone)
{
    struct silt_image_name name;
    cr_expect_eq(silt_image_name_parse_host(silt_span_text("localhost:5000"), &name, NULL), SILT_OK);
    cr_expect_str_eq(name.host, "localhost:5000");
    cr_expect_eq(silt_image_name_parse_host(silt_span_text("localhost:5000/a"), &name, NULL), SILT_ERR_USAGE);
}
