/*
 * manifest.json, alone and beside an OCI layout.
 */
#include "engine/image/layout.h"

TestSuite(docker_save, .init = fixture_begin, .fini = fixture_end);

static struct silt_catalog read_tar(struct silt_buffer *tar, const struct silt_selection *selection,
                                    enum silt_status expected, struct silt_error *error)
{
    struct silt_catalog catalog;
    tar_end(tar);
    fixture_write(fixture_path("x.tar"), silt_buffer_span(tar));
    silt_buffer_clear(tar);
    cr_expect_eq(read_target(text_of("docker-archive:%s/x.tar", fixture_dir), selection, &catalog, error),
                 expected, "%s", error->message);
    return catalog;
}

#define CONFIG(os) "{\"os\":\"" os "\",\"architecture\":\"amd64\",\"rootfs\":{\"diff_ids\":[\"sha256:aa\"]}}"

static void put_two(struct silt_buffer *tar)
{
    tar_text(tar, "a.json", CONFIG("linux"));
    tar_text(tar, "b.json", CONFIG("windows"));
    tar_text(tar, "one/layer.tar", "x");
    tar_text(tar, "manifest.json",
             "[{\"Config\":\"a.json\",\"RepoTags\":[\"a:1\",\"a:latest\"],\"Layers\":[\"one/layer.tar\"]},"
             "{\"Config\":\"b.json\",\"RepoTags\":null,\"Layers\":[\"one/layer.tar\"]}]");
}

Test(docker_save, several_images)
{
    struct silt_buffer tar = {0};
    struct silt_error error = {0};
    put_two(&tar);
    struct silt_catalog catalog = read_tar(&tar, NULL, SILT_OK, &error);
    expect_no_problem(&catalog);
    cr_assert_eq(catalog.manifests.count, 2);
    cr_expect_str_eq(manifest_at(&catalog, 0)->reference, "a:1");
    cr_expect_null(manifest_at(&catalog, 1)->reference);
    cr_expect_null(manifest_at(&catalog, 0)->digest);
    cr_expect_str_eq(manifest_at(&catalog, 1)->platform, "windows/amd64");
    cr_expect_str_eq(manifest_at(&catalog, 0)->blobs[0].name, "one/layer.tar");
    cr_expect_str_eq(manifest_at(&catalog, 0)->blobs[0].diff_id, "sha256:aa");
    silt_catalog_clear(&catalog);
}

Test(docker_save, references)
{
    static const char *const names[] = {"a:1", "a", "docker.io/library/a:latest", "@0"};
    struct silt_error error = {0};
    for (size_t i = 0; i < 4; i++) {
        struct silt_buffer tar = {0};
        put_two(&tar);
        struct silt_catalog catalog =
            read_tar(&tar, &(struct silt_selection){.reference = names[i]}, SILT_OK, &error);
        cr_assert_eq(catalog.manifests.count, 1, "%s", names[i]);
        cr_expect_str_eq(manifest_at(&catalog, 0)->platform, "linux/amd64");
        silt_catalog_clear(&catalog);
    }
    struct silt_buffer tar = {0};
    put_two(&tar);
    struct silt_catalog catalog =
        read_tar(&tar, &(struct silt_selection){.reference = "b"}, SILT_ERR_NOT_FOUND, &error);
    cr_expect(strstr(error.message, "a:1, a:latest") != NULL, "%s", error.message);
    silt_catalog_clear(&catalog);
}

Test(docker_save, platform)
{
    struct silt_buffer tar = {0};
    struct silt_error error = {0};
    put_two(&tar);
    struct silt_catalog catalog =
        read_tar(&tar, &(struct silt_selection){.platform = "windows/amd64"}, SILT_OK, &error);
    cr_expect_eq(catalog.manifests.count, 1);
    silt_catalog_clear(&catalog);
    put_two(&tar);
    catalog = read_tar(&tar, &(struct silt_selection){.platform = "linux/arm64"}, SILT_ERR_NOT_FOUND, &error);
    cr_expect(strstr(error.message, "linux/amd64, windows/amd64") != NULL, "%s", error.message);
    silt_catalog_clear(&catalog);
}

Test(docker_save, bad_documents)
{
    static const char *const bad[] = {"not JSON", "{\"a\":1}", "[7]", "[{\"Layers\":[\"x\"]}]",
                                      "[{\"Config\":\"gone.json\",\"Layers\":[\"x\",7,null]}]"};
    for (size_t i = 0; i < 5; i++) {
        struct silt_buffer tar = {0};
        struct silt_error error = {0};
        tar_text(&tar, "manifest.json", bad[i]);
        struct silt_catalog catalog = read_tar(&tar, NULL, SILT_OK, &error);
        cr_expect_geq(catalog.problems.count, 1, "%s", bad[i]);
        cr_expect_eq(catalog.raw.count, i < 2 ? 1 : 0, "%s", bad[i]);
        cr_expect_eq(catalog.manifests.count, i < 3 ? 0 : 1, "%s", bad[i]);
        silt_catalog_clear(&catalog);
    }
}

Test(docker_save, a_config_name_is_a_promise)
{
    struct silt_buffer tar = {0};
    struct silt_error error = {0};
    const char *name = text_of("%064d.json", 3);
    tar_text(&tar, name, CONFIG("linux"));
    tar_text(&tar, "manifest.json", text_of("[{\"Config\":\"%s\",\"Layers\":[\"x\"]}]", name));
    struct silt_catalog catalog = read_tar(&tar, NULL, SILT_OK, &error);
    cr_expect(has_problem(&catalog, SILT_ERR_DIGEST, name));
    silt_catalog_clear(&catalog);
}

/* Docker 25 and later: one archive with both, and attestations only the index knows. */
static void put_both(bool with_unlisted)
{
    const char *config = CONFIG("linux");
    const char *config_digest = put_blob(config), *layer_digest = put_blob("layer");
    const char *manifest =
        text_of("{\"config\":%s,\"layers\":[%s],\"annotations\":{\"note\":\"text\"}}",
                put_described(config, CONFIG_TYPE, ""), put_described("layer", LAYER_TYPE, ""));
    const char *statement = text_of("{\"config\":%s,\"layers\":[%s]}", put_described("{}", CONFIG_TYPE, ""),
                                    put_described("{\"a\":1}", "application/vnd.in-toto+json", ""));
    const char *unlisted = put_image(config_for("linux", "s390x", ""), "");
    const char *missing = text_of("{\"digest\":\"sha256:%064d\",\"size\":1,\"platform\":{\"os\":\"linux\","
                                  "\"architecture\":\"arm64\"}}",
                                  1);
    const char *index =
        text_of("{\"manifests\":[%s,%s,%s%s%s]}", put_described(manifest, MANIFEST_TYPE, ""), missing,
                put_described(statement, MANIFEST_TYPE,
                              ",\"annotations\":{\"vnd.docker.reference.type\":"
                              "\"attestation-manifest\"}"),
                with_unlisted ? "," : "", with_unlisted ? unlisted : "");
    put_index(put_described(index, INDEX_TYPE, ""));
    fixture_write_text(fixture_path("l/manifest.json"),
                       text_of("[{\"Config\":\"blobs/sha256/%s\",\"RepoTags\":[\"x:1\"],\"Layers\":"
                               "[\"blobs/sha256/%s\"]}]",
                               config_digest + 7, layer_digest + 7));
    cr_assert_eq(system(text_of("tar -C %s/l -cf %s/x.tar .", fixture_dir, fixture_dir)), 0);
}

static struct silt_catalog read_both(bool with_unlisted)
{
    struct silt_catalog catalog;
    struct silt_error error = {0};
    put_both(with_unlisted);
    cr_assert_eq(read_target(text_of("%s/x.tar", fixture_dir), NULL, &catalog, &error), SILT_OK, "%s",
                 error.message);
    return catalog;
}

Test(docker_save, beside_an_oci_layout)
{
    struct silt_catalog catalog = read_both(false);
    expect_no_problem(&catalog);
    cr_assert_eq(catalog.manifests.count, 2);
    const struct silt_manifest *image = manifest_at(&catalog, 0), *attestation = manifest_at(&catalog, 1);
    cr_expect_str_eq(image->reference, "x:1");
    cr_expect_eq(strlen(image->digest), 71);
    cr_expect_str_eq(image->blobs[0].media_type, LAYER_TYPE);
    cr_expect_str_eq(image->blobs[0].diff_id, "sha256:aa");
    cr_expect_eq(image->blobs[0].size, 5);
    expect_document(image, "manifest:annotations/note", SILT_ORIGIN_ANNOTATION, "note=text", -1);
    cr_expect_eq(attestation->blobs[0].role, SILT_BLOB_FILE);
    silt_catalog_clear(&catalog);
}

Test(docker_save, images_that_only_the_index_names_are_not_hidden)
{
    struct silt_catalog catalog = read_both(true);
    cr_assert_eq(catalog.manifests.count, 3);
    cr_expect_str_eq(manifest_at(&catalog, 2)->platform, "linux/s390x");
    silt_catalog_clear(&catalog);
}
