/*
 * The same image in every shape that skopeo writes: each source yields the same layers and texts.
 */
#include "engine/image/layout.h"

TestSuite(skopeo, .init = fixture_begin, .fini = fixture_end, .timeout = 120);

enum { LAYERS = 2 };

static char diff_ids[LAYERS][SILT_DIGEST_TEXT_SIZE];

/* Two layers: the second deletes a file of the first. */
static void put_layers(const char *descriptors[LAYERS])
{
    for (int i = 0; i < LAYERS; i++) {
        struct silt_buffer tar = {0};
        struct silt_digest digest;
        tar_text(&tar, i == 0 ? "app/.env" : "app/.wh..env", i == 0 ? "TOKEN=abc" : "");
        tar_end(&tar);
        silt_digest_of(silt_buffer_span(&tar), &digest);
        silt_digest_print(&digest, diff_ids[i]);
        descriptors[i] = put_described_bytes(silt_buffer_span(&tar), LAYER_TYPE, "");
        silt_buffer_clear(&tar);
    }
}

static void make_layout(void)
{
    const char *layers[LAYERS];
    put_layers(layers);
    const char *config = text_of(
        "{\"created\":\"2024-01-02T03:04:05Z\",\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{"
        "\"Env\":"
        "[\"KEY=env value\"],\"Labels\":{\"l\":\"label "
        "value\"}},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":"
        "[\"%s\",\"%s\"]},\"history\":[{\"created_by\":\"COPY x\"},{\"created_by\":\"ENV KEY=env value\","
        "\"empty_layer\":true},{\"created_by\":\"RUN rm\"}]}",
        diff_ids[0], diff_ids[1]);
    const char *manifest =
        text_of("{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST_TYPE "\",\"config\":%s,\"layers\":[%s,%s]}",
                put_described(config, CONFIG_TYPE, ""), layers[0], layers[1]);
    put_index(put_described(manifest, MANIFEST_TYPE,
                            ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"one\"}"));
}

static void copy(const char *options, const char *destination)
{
    const char *command =
        text_of("TMPDIR=%s HOME=%s timeout 60 skopeo --insecure-policy copy -q %s oci:%s/l:one %s",
                fixture_dir, fixture_dir, options, fixture_dir, destination);
    cr_assert_eq(system(command), 0, "%s", command);
}

static void check_layers(const struct silt_manifest *image)
{
    cr_assert_eq(image->blob_count, LAYERS);
    for (int i = 0; i < LAYERS; i++) {
        cr_expect_str_eq(image->blobs[i].diff_id, diff_ids[i]);
        cr_expect_eq(image->blobs[i].role, SILT_BLOB_LAYER);
        cr_expect_eq(image->blobs[i].history, 2 * i);
    }
}

static void check_texts(const struct silt_manifest *image)
{
    expect_document(image, "config:Env/KEY", SILT_ORIGIN_ENV, "KEY=env value", 1);
    expect_document(image, "config:Labels/l", SILT_ORIGIN_LABEL, "l=label value", -1);
    expect_document(image, "history:0", SILT_ORIGIN_HISTORY, "COPY x", 0);
    cr_expect_str_eq(image->platform, "linux/amd64");
    cr_expect_eq(strncmp(image->created, "2024-01-02T03:04:05", 19), 0);
}

/* The blobs can be had by the names that the catalog gives, and have the size that it says. */
static void check_blobs(struct silt_source *source, const struct silt_manifest *image)
{
    for (size_t i = 0; i < image->blob_count; i++) {
        const struct silt_blob_ref *blob = &image->blobs[i];
        struct silt_error error = {0};
        struct silt_stream *stream;
        struct silt_buffer bytes = {0};
        uint64_t size;
        cr_assert_eq(source->ops->find(source, blob->name, &stream, &size, &error), SILT_OK, "%s",
                     error.message);
        cr_expect_eq(stream_read(stream, &bytes), SILT_END);
        cr_expect_eq(bytes.size, size);
        cr_expect(blob->size == 0 || blob->size == size);
        if (blob->digest != NULL) {
            struct silt_digest digest, expected;
            silt_digest_of(silt_buffer_span(&bytes), &digest);
            cr_assert(silt_digest_parse(silt_span_text(blob->digest), &expected));
            cr_expect(silt_digest_equal(&digest, &expected));
        }
        silt_buffer_clear(&bytes);
    }
}

static void check(const char *target, const char *transport)
{
    const struct silt_selection all = {0};
    struct silt_catalog catalog;
    struct silt_error error = {0};
    struct silt_source *source = source_of(target, &error);
    cr_assert_not_null(source, "%s", error.message);
    cr_expect_str_eq(source->ops->transport, transport);
    cr_assert_eq(silt_catalog_read(source, &all, &catalog, &error), SILT_OK, "%s", error.message);
    expect_no_problem(&catalog);
    cr_assert_eq(catalog.manifests.count, 1);
    check_layers(manifest_at(&catalog, 0));
    check_texts(manifest_at(&catalog, 0));
    check_blobs(source, manifest_at(&catalog, 0));
    silt_catalog_clear(&catalog);
    silt_source_free(source);
}

Test(skopeo, every_shape_is_the_same_image)
{
    make_layout();
    check(fixture_path("l"), "oci");
    copy("", text_of("docker-archive:%s/docker.tar:x/y:1", fixture_dir));
    check(fixture_path("docker.tar"), "docker-archive");
    check(text_of("docker-archive:%s/docker.tar:x/y:1", fixture_dir), "docker-archive");
    copy("", text_of("oci-archive:%s/oci.tar:one", fixture_dir));
    check(fixture_path("oci.tar"), "oci-archive");
    check(text_of("oci-archive:%s/oci.tar:one", fixture_dir), "oci-archive");
    copy("--dest-compress --dest-compress-format zstd", text_of("oci:%s/zstd:one", fixture_dir));
    check(text_of("%s/zstd", fixture_dir), "oci");
    check(text_of("oci:%s/zstd:one", fixture_dir), "oci");
}

Test(skopeo, old_layer_names_are_links)
{
    make_layout();
    copy("", text_of("docker-archive:%s/docker.tar:x/y:1", fixture_dir));
    cr_assert_eq(system(text_of("tar -tvf %s/docker.tar | grep -q ' -> ../'", fixture_dir)), 0);
    struct silt_source *source = source_of(fixture_path("docker.tar"), NULL);
    FILE *list = popen(text_of("tar -tf %s/docker.tar | grep '/layer.tar$'", fixture_dir), "r");
    char name[256];
    int count = 0;
    for (; fgets(name, sizeof name, list) != NULL; count++) {
        struct silt_stream *stream;
        uint64_t size;
        name[strcspn(name, "\n")] = '\0';
        cr_assert_eq(source->ops->find(source, name, &stream, &size, NULL), SILT_OK, "%s", name);
        cr_expect_geq(size, 1024);
        silt_stream_free(stream);
    }
    pclose(list);
    cr_expect_eq(count, LAYERS);
    silt_source_free(source);
}
