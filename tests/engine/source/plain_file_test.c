/*
 * Transports "file" and "-".
 */
#include "engine/source/fixture.h"

#include <sys/wait.h>

TestSuite(plain_file, .init = fixture_begin, .fini = fixture_end);

static struct silt_source *open_file(const char *path)
{
    char text[256];
    struct silt_error error = {0};
    snprintf(text, sizeof text, "file:%s", path);
    struct silt_source *source = source_of(text, &error);
    cr_assert_not_null(source, "%s", error.message);
    return source;
}

Test(plain_file, is_one_blob)
{
    fixture_write_text(fixture_path("a.txt"), "text");
    struct silt_source *source = open_file(fixture_path("a.txt"));
    cr_expect_eq(source->layout, SILT_LAYOUT_STREAM);
    cr_expect_eq(source->ops->kind, SILT_TARGET_FILE);
    expect_blobs(source, "a.txt=text;");
    expect_blobs(source, "");
    silt_source_free(source);
}

Test(plain_file, compressed_is_a_stream)
{
    static const uint8_t gzip[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    fixture_write(fixture_path("a.gz"), silt_span_of(gzip, sizeof gzip));
    struct silt_source *source = open_file(fixture_path("a.gz"));
    cr_expect_eq(source->layout, SILT_LAYOUT_STREAM);
    silt_source_free(source);
}

Test(plain_file, a_pipe_is_a_stream, .timeout = 10)
{
    const char *path = fixture_path("pipe");
    cr_assert_eq(mkfifo(path, 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        int fd = open(path, O_WRONLY);
        _exit(write(fd, "text", 4) == 4 ? 0 : 1);
    }
    struct silt_source *source = open_file(path);
    cr_expect_eq(source->layout, SILT_LAYOUT_STREAM);
    expect_blobs(source, "pipe=text;");
    silt_source_free(source);
    waitpid(child, NULL, 0);
}

Test(plain_file, failures_name_the_path)
{
    struct silt_error error = {0};
    cr_expect_null(source_of("file:/tmp", &error));
    cr_expect_eq(error.status, SILT_ERR_USAGE);
    cr_expect_null(source_of("file:/no/such", &error));
    cr_expect_eq(error.status, SILT_ERR_NOT_FOUND);
    cr_expect(strstr(error.message, "/no/such") != NULL);
    cr_expect_null(source_of("dir:/no/such", &error));
    cr_expect_eq(error.status, SILT_ERR_NOT_FOUND);
    cr_expect_null(source_of("oci:/no/such", &error));
    cr_expect_eq(error.status, SILT_ERR_NOT_FOUND);
}

Test(plain_file, standard_input_is_a_stream)
{
    int ends[2];
    struct silt_target target;
    struct silt_source *source;
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], "text", 4), 4);
    close(ends[1]);
    const struct silt_source_options options = {.stdin_fd = ends[0]};
    cr_assert_eq(silt_target_parse("-", &target, NULL), SILT_OK);
    cr_assert_eq(silt_source_open(&target, &options, &source, NULL), SILT_OK);
    cr_expect_eq(source->layout, SILT_LAYOUT_STREAM);
    cr_expect_eq(source->ops->kind, SILT_TARGET_STREAM);
    expect_blobs(source, "-=text;");
    silt_source_free(source);
    silt_target_clear(&target);
    cr_expect_eq(close(ends[0]), 0); /* it was borrowed */
}
