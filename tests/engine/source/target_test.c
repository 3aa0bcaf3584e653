/*
 * Targets as users write them.
 */
#include "engine/source/fixture.h"

TestSuite(target, .init = fixture_begin, .fini = fixture_end);

static void check(const char *text, const char *transport, const char *location, const char *reference)
{
    struct silt_target target;
    struct silt_error error = {0};
    cr_assert_eq(silt_target_parse(text, &target, &error), SILT_OK, "%s: %s", text, error.message);
    cr_expect_str_eq(target.ops->transport, transport);
    cr_expect_str_eq(target.location, location);
    if (reference == NULL)
        cr_expect_null(target.reference);
    else
        cr_expect_str_eq(target.reference, reference);
    silt_target_clear(&target);
}

static void check_failure(const char *text, enum silt_status expected, const char *part)
{
    struct silt_target target;
    struct silt_error error = {0};
    cr_expect_eq(silt_target_parse(text, &target, &error), expected, "%s: %s", text, error.message);
    cr_expect(strstr(error.message, part) != NULL, "%s: %s", text, error.message);
    silt_target_clear(&target);
}

Test(target, with_transport)
{
    check("docker-archive:x.tar", "docker-archive", "x.tar", NULL);
    check("docker-archive:x.tar:repo/x:1", "docker-archive", "x.tar", "repo/x:1");
    check("docker-archive:x.tar:@1", "docker-archive", "x.tar", "@1");
    check("oci:dir/sub:v1", "oci", "dir/sub", "v1");
    check("oci-archive:/a/b.tar", "oci-archive", "/a/b.tar", NULL);
    check("dir:a:b", "dir", "a:b", NULL);
    check("file:a:b", "file", "a:b", NULL);
    check("-", "-", "-", NULL);
}

Test(target, a_path_may_hold_colons)
{
    char text[256];
    const char *path = fixture_path("a:b.tar");
    fixture_write_text(path, "x");
    snprintf(text, sizeof text, "docker-archive:%s", path);
    check(text, "docker-archive", path, NULL);
    snprintf(text, sizeof text, "docker-archive:%s:r:1", path);
    check(text, "docker-archive", path, "r:1");
}

static const char *tar_with(const char *file, const char *const *names, const char *const *texts)
{
    struct silt_buffer tar = {0};
    for (size_t i = 0; names[i] != NULL; i++)
        tar_text(&tar, names[i], texts[i]);
    tar_end(&tar);
    const char *path = fixture_path("%s", file);
    fixture_write(path, silt_buffer_span(&tar));
    silt_buffer_clear(&tar);
    return path;
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

Test(target, plain_files_by_their_content)
{
    const char *path = tar_with("docker", LIST("a.tar", "manifest.json"), LIST("x", "[{}]"));
    check(path, "docker-archive", path, NULL);
    path = tar_with("both", LIST("oci-layout", "index.json", "manifest.json"), LIST("{}", "{}", "[]"));
    check(path, "docker-archive", path, NULL);
    path = tar_with("oci", LIST("oci-layout", "index.json"), LIST("{}", "{}"));
    check(path, "oci-archive", path, NULL);
    path = tar_with("extension", LIST("manifest.json", "x.js"), LIST(" {\"manifest_version\": 3}", "x"));
    check(path, "file", path, NULL);
    path = tar_with("broken", LIST("manifest.json"), LIST("not JSON"));
    check(path, "docker-archive", path, NULL);
    path = tar_with("plain", LIST("a", "sub/manifest.json"), LIST("x", "[]"));
    check(path, "file", path, NULL);
    path = fixture_path("text");
    fixture_write_text(path, "some text");
    check(path, "file", path, NULL);
    fixture_write_text(path, "");
    check(path, "file", path, NULL);
}

Test(target, plain_directories_by_their_content)
{
    fixture_write_text(fixture_path("layout/index.json"), "{}");
    check(fixture_path("layout"), "dir", fixture_path("layout"), NULL);
    fixture_write_text(fixture_path("layout/oci-layout"), "{}");
    check(fixture_path("layout"), "oci", fixture_path("layout"), NULL);
}

Test(target, a_pipe_is_not_read)
{
    cr_assert_eq(mkfifo(fixture_path("pipe"), 0600), 0);
    check(fixture_path("pipe"), "file", fixture_path("pipe"), NULL);
}

Test(target, what_is_no_path_is_an_image_of_a_registry)
{
    check("alpine:3.19", "docker", "alpine:3.19", NULL);
    check("ghcr.io/a/b@sha256:00", "docker", "ghcr.io/a/b@sha256:00", NULL);
    check("docker://alpine", "docker", "//alpine", NULL);
    check("docker://missing.tar", "docker", "//missing.tar", NULL);
    fixture_write_text(fixture_path("there"), "x");
    check(fixture_path("there"), "file", fixture_path("there"), NULL);
}

static void check_host(const char *text, bool is_catalog, const char *expected)
{
    char host[300] = "";
    struct silt_error error = {0};
    cr_assert_eq(silt_target_host(text, is_catalog, host, sizeof host, &error), SILT_OK, "%s: %s", text,
                 error.message);
    cr_expect_str_eq(host, expected, "%s: %s", text, host);
}

Test(target, the_registry_of_a_target)
{
    check_host("alpine", false, "docker.io");
    check_host("docker://host:5000/a/b:1", false, "host:5000");
    check_host("docker://host:5000", true, "host:5000");
    check_host("docker://registry.example/", true, "registry.example");
    check_host("-", false, "");
    check_host("oci:somewhere", false, "");
    cr_expect_eq(silt_target_host("docker://A/b", false, (char[8]){0}, 8, NULL), SILT_OK);
    cr_expect_eq(silt_target_host("docker://host/B", false, (char[8]){0}, 8, NULL), SILT_ERR_USAGE);
}

Test(target, what_is_not_there)
{
    check_failure("/no/such/file", SILT_ERR_NOT_FOUND, "/no/such/file");
    check_failure("./nothing", SILT_ERR_NOT_FOUND, "./nothing");
    check_failure("missing.tar", SILT_ERR_NOT_FOUND, "missing.tar");
    check_failure("containers-storage:x", SILT_ERR_USAGE, "no transport");
    check_failure("https://host/repository", SILT_ERR_USAGE, "no transport");
    check_failure("", SILT_ERR_USAGE, "empty");
    check_failure("oci:", SILT_ERR_USAGE, "oci");
}
