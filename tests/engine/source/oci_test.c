/*
 * An OCI layout in a directory, and names that would leave it.
 */
#include "engine/source/fixture.h"

TestSuite(oci, .init = fixture_begin, .fini = fixture_end);

static struct silt_source *open_layout(void)
{
    char text[128];
    struct silt_error error = {0};
    fixture_write_text(fixture_path("l/index.json"), "{}");
    fixture_write_text(fixture_path("l/oci-layout"), "x");
    fixture_write_text(fixture_path("l/blobs/sha256/aa"), "blob");
    snprintf(text, sizeof text, "oci:%s/l", fixture_dir);
    struct silt_source *source = source_of(text, &error);
    cr_assert_not_null(source, "%s", error.message);
    return source;
}

static void expect_refusal(struct silt_source *source, const char *name, enum silt_status expected)
{
    struct silt_stream *stream;
    struct silt_error error = {0};
    uint64_t size;
    cr_expect_eq(source->ops->find(source, name, &stream, &size, &error), expected, "%s", name);
    cr_expect(strstr(error.message, name) != NULL, "%s", error.message);
}

Test(oci, finds_and_hands_out)
{
    struct silt_source *source = open_layout();
    cr_expect_eq(source->layout, SILT_LAYOUT_OCI);
    expect_blob(source, "index.json", "{}");
    expect_blob(source, "blobs/sha256/aa", "blob");
    expect_blobs(source, "blobs/sha256/aa=blob;index.json={};oci-layout=x;");
    silt_source_free(source);
}

Test(oci, does_not_leave_its_directory, .timeout = 10)
{
    fixture_write_text(fixture_path("outside"), "no");
    struct silt_source *source = open_layout();
    cr_assert_eq(symlink("../outside", fixture_path("l/link")), 0);
    cr_assert_eq(symlink("..", fixture_path("l/up")), 0);
    cr_assert_eq(mkfifo(fixture_path("l/pipe"), 0600), 0);
    expect_refusal(source, "gone", SILT_ERR_NOT_FOUND);
    expect_refusal(source, "../outside", SILT_ERR_NOT_FOUND);
    expect_refusal(source, "blobs/../index.json", SILT_ERR_NOT_FOUND);
    expect_refusal(source, "/etc/passwd", SILT_ERR_NOT_FOUND);
    expect_refusal(source, "", SILT_ERR_NOT_FOUND);
    expect_refusal(source, "link", SILT_ERR_IO);
    expect_refusal(source, "up/outside", SILT_ERR_IO);
    expect_refusal(source, "blobs", SILT_ERR_IO);
    expect_refusal(source, "pipe", SILT_ERR_IO);
    silt_source_free(source);
}
