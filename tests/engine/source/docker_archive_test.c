/*
 * Archives as sources: docker-archive, and oci-archive, which shares its code.
 */
#include "engine/source/fixture.h"

#include <pthread.h>

TestSuite(docker_archive, .init = fixture_begin, .fini = fixture_end);

static struct silt_source *open_archive(const char *transport, struct silt_buffer *tar,
                                        struct silt_error *error)
{
    char text[128];
    fixture_write(fixture_path("x.tar"), silt_buffer_span(tar));
    silt_buffer_clear(tar);
    snprintf(text, sizeof text, "%s:%s/x.tar", transport, fixture_dir);
    return source_of(text, error);
}

static void fill(struct silt_buffer *tar)
{
    tar_text(tar, "abc.tar", "layer");
    tar_header(tar, '2', "id/layer.tar", "../abc.tar", 0);
    tar_text(tar, "manifest.json", "[]");
    tar_end(tar);
}

Test(docker_archive, finds_and_hands_out)
{
    static const char *const transports[] = {"docker-archive", "oci-archive"};
    for (int i = 0; i < 2; i++) {
        struct silt_buffer tar = {0};
        fill(&tar);
        struct silt_source *source = open_archive(transports[i], &tar, NULL);
        cr_assert_not_null(source);
        cr_expect_eq(source->layout, i == 0 ? SILT_LAYOUT_DOCKER : SILT_LAYOUT_OCI);
        cr_expect_eq(source->ops->kind, SILT_TARGET_IMAGE);
        expect_blob(source, "manifest.json", "[]");
        expect_blob(source, "./id/layer.tar", "layer");
        struct silt_stream *stream;
        uint64_t size;
        cr_expect_eq(source->ops->find(source, "gone", &stream, &size, NULL), SILT_ERR_NOT_FOUND);
        expect_blobs(source, "abc.tar=layer;manifest.json=[];");
        silt_source_free(source);
    }
}

Test(docker_archive, nothing_of_it_is_left_out)
{
    struct silt_buffer tar = {0};
    tar_text(&tar, "a", "old");
    tar_text(&tar, "a", "new");
    tar_header(&tar, '2', "gone", "nowhere", 0);
    size_t damage = tar.size;
    tar_text(&tar, "b", "rest");
    tar.data[damage] ^= 1;
    struct silt_source *source = open_archive("docker-archive", &tar, NULL);
    cr_assert_not_null(source);
    char *list = list_blobs(source);
    char expected[64];
    snprintf(expected, sizeof expected, "a@512=old;a=new;gone!%d;!%d;@%zu=c", SILT_SKIP_LINK,
             SILT_SKIP_DAMAGED, damage);
    cr_expect_eq(strncmp(list, expected, strlen(expected)), 0, "%s", list);
    free(list);
    silt_source_free(source);
}

Test(docker_archive, a_blob_that_is_cut_off_fails_where_it_is_cut)
{
    struct silt_buffer tar = {0};
    struct silt_buffer bytes = {0};
    struct silt_stream *stream;
    uint64_t size;
    tar_header(&tar, '0', "big", "", 1ULL << 32);
    tar_data(&tar, silt_span_text("start"));
    struct silt_source *source = open_archive("docker-archive", &tar, NULL);
    cr_assert_eq(source->ops->find(source, "big", &stream, &size, NULL), SILT_OK);
    cr_expect_eq(size, 512);
    cr_expect_eq(stream_read(stream, &bytes), SILT_ERR_CORRUPT);
    cr_expect_eq(bytes.size, 512);
    silt_buffer_clear(&bytes);
    silt_source_free(source);
}

Test(docker_archive, a_compressed_one_is_a_stream)
{
    struct silt_error error = {0};
    char text[256];
    struct silt_buffer tar = {0};
    fill(&tar);
    fixture_write(fixture_path("x.tar"), silt_buffer_span(&tar));
    silt_buffer_clear(&tar);
    snprintf(text, sizeof text, "gzip %s/x.tar", fixture_dir);
    cr_assert_eq(system(text), 0);
    snprintf(text, sizeof text, "docker-archive:%s/x.tar.gz", fixture_dir);
    struct silt_source *source = source_of(text, &error);
    cr_assert_not_null(source, "%s", error.message);
    cr_expect_eq(source->layout, SILT_LAYOUT_STREAM);
    struct silt_blob blob;
    cr_expect_eq(source->ops->next(source, &blob, NULL), SILT_OK);
    cr_expect(silt_span_is_text(blob.name, "x.tar.gz"));
    silt_source_free(source);
}

static void expect_failure(const char *content, enum silt_status status, const char *part)
{
    struct silt_error error = {0};
    struct silt_buffer bytes = {0};
    cr_assert_eq(silt_buffer_append(&bytes, silt_span_text(content), NULL), SILT_OK);
    cr_expect_null(open_archive("docker-archive", &bytes, &error));
    cr_expect_eq(error.status, status);
    cr_expect(strstr(error.message, part) != NULL, "%s", error.message);
    cr_expect(strstr(error.message, "x.tar") != NULL, "%s", error.message);
}

Test(docker_archive, what_is_no_archive_is_told)
{
    struct silt_error error = {0};
    expect_failure("", SILT_ERR_CORRUPT, "empty");
    expect_failure("not a tar", SILT_ERR_CORRUPT, "not a tar");
    cr_expect_null(source_of("docker-archive:/no/such.tar", &error));
    cr_expect_eq(error.status, SILT_ERR_NOT_FOUND);
    cr_expect_null(source_of("docker-archive:/tmp", &error));
    cr_expect_eq(error.status, SILT_ERR_USAGE);
}

static void *read_often(void *source)
{
    for (int i = 0; i < 200; i++)
        expect_blob(source, i % 2 == 0 ? "id/layer.tar" : "manifest.json", i % 2 == 0 ? "layer" : "[]");
    return NULL;
}

Test(docker_archive, several_threads_may_find)
{
    struct silt_buffer tar = {0};
    pthread_t threads[4];
    fill(&tar);
    struct silt_source *source = open_archive("docker-archive", &tar, NULL);
    for (int i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, read_often, source), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    silt_source_free(source);
}
