/*
 * From index.json to images: selection, nesting, attestations, artifacts, and documents that are wrong.
 */
#include "engine/image/layout.h"

TestSuite(catalog, .init = fixture_begin, .fini = fixture_end);

#define OS_ARCH(os, arch) ",\"platform\":{\"os\":\"" os "\",\"architecture\":\"" arch "\"}"
#define NAMED(name) ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" name "\"}"

static struct silt_catalog read_well(const struct silt_selection *selection)
{
    struct silt_catalog catalog;
    struct silt_error error = {0};
    cr_assert_eq(read_layout(selection, &catalog, &error), SILT_OK, "%s", error.message);
    return catalog;
}

static void expect_not_found(const struct silt_selection *selection, const char *part)
{
    struct silt_catalog catalog;
    struct silt_error error = {0};
    cr_expect_eq(read_layout(selection, &catalog, &error), SILT_ERR_NOT_FOUND);
    cr_expect(strstr(error.message, part) != NULL, "%s", error.message);
    silt_catalog_clear(&catalog);
}

Test(catalog, one_image)
{
    put_index(put_image(config_for("linux", "amd64", ",\"created\":\"2024-01-02T03:04:05Z\""), NAMED("v1")));
    struct silt_catalog catalog = read_well(NULL);
    cr_assert_eq(catalog.manifests.count, 1);
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    expect_no_problem(&catalog);
    cr_expect_str_eq(image->reference, "v1");
    cr_expect_str_eq(image->platform, "linux/amd64");
    cr_expect_str_eq(image->created, "2024-01-02T03:04:05Z");
    cr_expect_eq(strlen(image->digest), 71);
    cr_expect_eq(strlen(image->config_digest), 71);
    cr_assert_eq(image->blob_count, 1);
    cr_expect_eq(image->blobs[0].role, SILT_BLOB_LAYER);
    cr_expect_eq(image->blobs[0].size, 5);
    cr_expect_str_eq(image->blobs[0].diff_id, "sha256:aa");
    cr_expect_str_eq(image->blobs[0].media_type, LAYER_TYPE);
    cr_expect_eq(strncmp(image->blobs[0].name, "blobs/sha256/", 13), 0);
    silt_catalog_clear(&catalog);
}

static void put_two_platforms(void)
{
    const char *a = put_image(config_for("linux", "s390x", ""), OS_ARCH("linux", "s390x"));
    const char *b = put_image(config_for("linux", "ppc64le", ""), OS_ARCH("linux", "ppc64le"));
    const char *index = text_of("{\"manifests\":[%s,%s]}", a, b);
    put_index(put_described(index, INDEX_TYPE, NAMED("multi")));
}

Test(catalog, chooses_the_platform_that_was_asked_for)
{
    put_two_platforms();
    struct silt_catalog catalog = read_well(&(struct silt_selection){.platform = "linux/ppc64le"});
    cr_assert_eq(catalog.manifests.count, 1);
    cr_expect_str_eq(manifest_at(&catalog, 0)->platform, "linux/ppc64le");
    cr_expect_str_eq(manifest_at(&catalog, 0)->reference, "multi");
    silt_catalog_clear(&catalog);
}

Test(catalog, all_platforms_in_order)
{
    put_two_platforms();
    struct silt_catalog catalog = read_well(&(struct silt_selection){.all_platforms = true});
    cr_assert_eq(catalog.manifests.count, 2);
    cr_expect_str_eq(manifest_at(&catalog, 0)->platform, "linux/s390x");
    cr_expect_str_eq(manifest_at(&catalog, 1)->platform, "linux/ppc64le");
    silt_catalog_clear(&catalog);
}

Test(catalog, a_platform_that_is_not_there)
{
    put_two_platforms();
    expect_not_found(&(struct silt_selection){.platform = "windows/amd64"}, "linux/s390x, linux/ppc64le");
    expect_not_found(NULL, "linux/s390x");
    struct silt_catalog catalog;
    cr_expect_eq(
        read_layout(&(struct silt_selection){.platform = "amd64"}, &catalog, &(struct silt_error){0}),
        SILT_ERR_USAGE);
    silt_catalog_clear(&catalog);
}

Test(catalog, the_only_platform_is_taken)
{
    put_index(put_image(config_for("linux", "s390x", ""), OS_ARCH("linux", "s390x")));
    struct silt_catalog catalog = read_well(NULL);
    cr_expect_eq(catalog.manifests.count, 1);
    silt_catalog_clear(&catalog);
}

Test(catalog, platforms_without_an_index_between)
{
    put_index(text_of("%s,%s", put_image(config_for("linux", "s390x", ""), ""),
                      put_image(config_for("linux", "ppc64le", ""), "")));
    struct silt_catalog catalog = read_well(&(struct silt_selection){.platform = "linux/s390x"});
    cr_assert_eq(catalog.manifests.count, 1);
    cr_expect_str_eq(manifest_at(&catalog, 0)->platform, "linux/s390x");
    silt_catalog_clear(&catalog);
    catalog = read_well(NULL);
    cr_expect_eq(catalog.manifests.count, 2);
    silt_catalog_clear(&catalog);
}

Test(catalog, references)
{
    const char *a = put_image(config_for("linux", "s390x", ""), NAMED("v1"));
    const char *b = put_image(config_for("linux", "ppc64le", ""),
                              ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"v2\","
                              "\"io.containerd.image.name\":\"docker.io/library/x:v2\"}");
    put_index(text_of("%s,%s", a, b));
    static const char *const names[] = {"v2", "x:v2", "docker.io/library/x:v2"};
    for (size_t i = 0; i < 3; i++) {
        struct silt_catalog catalog = read_well(&(struct silt_selection){.reference = names[i]});
        cr_assert_eq(catalog.manifests.count, 1, "%s", names[i]);
        cr_expect_str_eq(manifest_at(&catalog, 0)->platform, "linux/ppc64le");
        silt_catalog_clear(&catalog);
    }
    expect_not_found(&(struct silt_selection){.reference = "v3"}, "v1, docker.io/library/x:v2");
}

Test(catalog, digests_as_references)
{
    put_two_platforms();
    struct silt_catalog catalog = read_well(&(struct silt_selection){.all_platforms = true});
    const char *digest = text_of("%s", manifest_at(&catalog, 1)->digest);
    silt_catalog_clear(&catalog);
    catalog = read_well(&(struct silt_selection){.reference = digest});
    cr_assert_eq(catalog.manifests.count, 1);
    cr_expect_str_eq(manifest_at(&catalog, 0)->digest, digest);
    silt_catalog_clear(&catalog);
    const char *other = text_of("sha256:%064d", 7);
    expect_not_found(&(struct silt_selection){.reference = other}, "multi");
}

Test(catalog, attestations_come_with_their_image)
{
    const char *image = put_image(config_for("linux", "s390x", ""), OS_ARCH("linux", "s390x"));
    const char *other = put_image(config_for("linux", "ppc64le", ""), OS_ARCH("linux", "ppc64le"));
    const char *statement = put_described("{\"predicate\":{}}", "application/vnd.in-toto+json", "");
    char digest[80];
    snprintf(digest, sizeof digest, "%.71s", strstr(image, "sha256:"));
    const char *config = put_described(config_for("unknown", "unknown", ""), CONFIG_TYPE, "");
    const char *about = text_of("{\"config\":%s,\"layers\":[%s]}", config, statement);
    const char *attestation = put_described(
        about, MANIFEST_TYPE,
        text_of(OS_ARCH("unknown", "unknown") ",\"annotations\":{\"vnd.docker.reference.type\":"
                                              "\"attestation-manifest\",\"vnd.docker.reference.digest\":"
                                              "\"%s\"}",
                digest));
    const char *index = text_of("{\"manifests\":[%s,%s,%s]}", image, other, attestation);
    put_index(put_described(index, INDEX_TYPE, ""));
    struct silt_catalog catalog = read_well(&(struct silt_selection){.platform = "linux/s390x"});
    cr_assert_eq(catalog.manifests.count, 2);
    const struct silt_manifest *second = manifest_at(&catalog, 1);
    cr_assert_eq(second->blob_count, 1);
    cr_expect_eq(second->blobs[0].role, SILT_BLOB_FILE);
    silt_catalog_clear(&catalog);
    catalog = read_well(&(struct silt_selection){.platform = "linux/ppc64le"});
    cr_expect_eq(catalog.manifests.count, 1);
    silt_catalog_clear(&catalog);
}

Test(catalog, roles_of_blobs)
{
    const char *layers =
        text_of("%s,%s,%s,%s", put_described("a", LAYER_TYPE "+gzip", ""),
                put_described("b", LAYER_TYPE "+gzip+encrypted", ""),
                put_described("c", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", ""),
                put_described("d", "application/x-yaml", ""));
    const char *config = put_described("{}", CONFIG_TYPE, "");
    put_index(put_described(text_of("{\"config\":%s,\"layers\":[%s]}", config, layers), MANIFEST_TYPE, ""));
    struct silt_catalog catalog = read_well(NULL);
    const struct silt_blob_ref *blobs = manifest_at(&catalog, 0)->blobs;
    cr_assert_eq(manifest_at(&catalog, 0)->blob_count, 4);
    cr_expect_eq(blobs[0].role, SILT_BLOB_LAYER);
    cr_expect_eq(blobs[1].role, SILT_BLOB_ENCRYPTED);
    cr_expect_eq(blobs[2].role, SILT_BLOB_FOREIGN);
    cr_expect_eq(blobs[3].role, SILT_BLOB_FILE);
    cr_expect(has_problem(&catalog, SILT_ERR_CORRUPT, "0 layers, the manifest 4"));
    silt_catalog_clear(&catalog);
}

Test(catalog, artifacts)
{
    const char *chart = put_described("chart", "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "");
    const char *config =
        put_described("{\"name\":\"chart\"}", "application/vnd.cncf.helm.config.v1+json", "");
    const char *helm =
        put_described(text_of("{\"config\":%s,\"layers\":[%s]}", config, chart), MANIFEST_TYPE, "");
    const char *empty = put_described("{}", "application/vnd.oci.empty.v1+json", "");
    const char *sbom = put_described(text_of("{\"artifactType\":\"x/y\",\"config\":%s,\"layers\":[%s],"
                                             "\"annotations\":{\"token\":\"abc\"}}",
                                             empty, put_described("sbom", "text/spdx+json", "")),
                                     MANIFEST_TYPE, "");
    const char *draft = put_described(text_of("{\"blobs\":[%s]}", put_described("blob", "text/plain", "")),
                                      "application/vnd.oci.artifact.manifest.v1+json", "");
    put_index(text_of("%s,%s,%s", helm, sbom, draft));
    struct silt_catalog catalog = read_well(NULL);
    expect_no_problem(&catalog);
    cr_assert_eq(catalog.manifests.count, 3);
    cr_expect_eq(manifest_at(&catalog, 0)->blob_count, 2, "chart and config");
    cr_expect_eq(manifest_at(&catalog, 1)->blob_count, 1, "no empty config");
    cr_expect_eq(manifest_at(&catalog, 2)->blob_count, 1);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(manifest_at(&catalog, i)->blobs[0].role, SILT_BLOB_FILE);
    expect_document(manifest_at(&catalog, 1), "manifest:annotations/token", SILT_ORIGIN_ANNOTATION,
                    "token=abc", -1);
    silt_catalog_clear(&catalog);
}

Test(catalog, annotations_of_index_and_descriptors)
{
    put_index(text_of("%s],\"annotations\":{\"password\":\"p1\"},\"more\":[1",
                      put_image(config_for("linux", "s390x", ""), ",\"annotations\":{\"password\":\"p2\"}")));
    struct silt_catalog catalog = read_well(NULL);
    const struct silt_manifest *image = manifest_at(&catalog, 0);
    expect_document(image, "index:annotations/password", SILT_ORIGIN_ANNOTATION, "password=p1", -1);
    expect_document(image, "index:manifests/0/annotations/password", SILT_ORIGIN_ANNOTATION, "password=p2",
                    -1);
    silt_catalog_clear(&catalog);
}

Test(catalog, a_wrong_digest_is_told_and_the_document_used)
{
    const char *image = put_image(config_for("linux", "s390x", ""), "");
    char hex[65];
    snprintf(hex, sizeof hex, "%.64s", strstr(image, "sha256:") + 7);
    put_index(image);
    FILE *file = fopen(fixture_path("l/blobs/sha256/%s", hex), "a");
    fputc('\n', file);
    fclose(file);
    struct silt_catalog catalog = read_well(NULL);
    cr_expect_eq(catalog.manifests.count, 1);
    cr_expect(has_problem(&catalog, SILT_ERR_DIGEST, hex));
    silt_catalog_clear(&catalog);
}

Test(catalog, bad_documents_are_told_and_the_rest_comes)
{
    const char *good = put_image(config_for("linux", "s390x", ""), "");
    const char *no_json = put_described("password = abc", MANIFEST_TYPE, "");
    const char *no_manifest = put_described("{\"a\":1}", MANIFEST_TYPE, "");
    const char *schema_1 = put_described("{\"fsLayers\":[]}", MANIFEST_TYPE, "");
    const char *missing = text_of("{\"digest\":\"sha256:%064d\",\"size\":1}", 1);
    const char *absurd = text_of("{\"digest\":\"../../etc/passwd\",\"size\":-1e300}");
    put_index(text_of("%s,%s,%s,%s,%s,17,%s", no_json, no_manifest, schema_1, missing, absurd, good));
    struct silt_catalog catalog = read_well(NULL);
    cr_expect_eq(catalog.manifests.count, 1);
    cr_expect(has_problem(&catalog, SILT_ERR_CORRUPT, "not JSON"));
    cr_expect(has_problem(&catalog, SILT_ERR_CORRUPT, "neither"));
    cr_expect(has_problem(&catalog, SILT_ERR_UNSUPPORTED, "schema 1"));
    cr_expect(has_problem(&catalog, SILT_ERR_NOT_FOUND, "00000001"));
    cr_expect(has_problem(&catalog, SILT_ERR_CORRUPT, "../../etc/passwd"));
    cr_assert_eq(catalog.raw.count, 3);
    const struct silt_document *raw = catalog.raw.items;
    cr_expect(silt_span_is_text(raw->text, "password = abc"));
    silt_catalog_clear(&catalog);
}

Test(catalog, a_config_that_is_no_json_keeps_its_layers)
{
    put_index(put_image("TOKEN=abc", ""));
    struct silt_catalog catalog = read_well(NULL);
    cr_assert_eq(catalog.manifests.count, 1);
    cr_expect_eq(manifest_at(&catalog, 0)->blob_count, 1);
    cr_expect_eq(catalog.raw.count, 1);
    cr_expect_eq(catalog.problems.count, 1);
    silt_catalog_clear(&catalog);
}

Test(catalog, hostile_json)
{
    enum { SIZE = 40 << 20 };
    char *text = malloc(SIZE + 1);
    memset(text, '[', SIZE);
    text[SIZE] = '\0';
    fixture_write(fixture_path("l/oci-layout"), silt_span_text("{}"));
    fixture_write(fixture_path("l/index.json"), silt_span_of(text, SIZE));
    struct silt_catalog catalog = read_well(NULL);
    cr_expect(has_problem(&catalog, SILT_ERR_LIMIT, "larger than 32 MiB; only its first 4 MiB"));
    cr_assert_eq(catalog.raw.count, 1);
    cr_expect_eq(((struct silt_document *)catalog.raw.items)->text.size, 4 << 20);
    silt_catalog_clear(&catalog);
    fixture_write(fixture_path("l/index.json"), silt_span_of(text, 100000));
    catalog = read_well(NULL);
    cr_expect(has_problem(&catalog, SILT_ERR_LIMIT, "nests"));
    silt_catalog_clear(&catalog);
    free(text);
}

Test(catalog, indexes_that_nest_without_end)
{
    const char *inner = put_image(config_for("linux", "s390x", ""), "");
    for (int i = 0; i < 12; i++)
        inner = put_described(text_of("{\"manifests\":[%s]}", inner), INDEX_TYPE, "");
    put_index(inner);
    struct silt_catalog catalog = read_well(NULL);
    cr_expect_eq(catalog.manifests.count, 0);
    cr_expect(has_problem(&catalog, SILT_ERR_LIMIT, "nest"));
    silt_catalog_clear(&catalog);
}

/* A digest that is not the content's own lets indexes name each other. */
Test(catalog, indexes_in_a_circle)
{
    const char *self = text_of("{\"digest\":\"sha256:%064d\"}", 5);
    fixture_write_text(fixture_path("l/blobs/sha256/%064d", 5),
                       text_of("{\"manifests\":[%s,%s]}", self, self));
    put_index(self);
    struct silt_catalog catalog = read_well(NULL);
    cr_expect_eq(catalog.problems.count, 1);
    cr_expect(has_problem(&catalog, SILT_ERR_DIGEST, "sha256"));
    silt_catalog_clear(&catalog);
}

Test(catalog, index_and_manifest_at_once)
{
    const char *layer = put_described("layer", LAYER_TYPE, "");
    const char *image = put_image(config_for("linux", "s390x", ""), "");
    put_index(put_described(text_of("{\"manifests\":[%s],\"layers\":[%s]}", image, layer), INDEX_TYPE, ""));
    struct silt_catalog catalog = read_well(NULL);
    cr_expect_eq(catalog.manifests.count, 2);
    cr_expect(has_problem(&catalog, SILT_ERR_CORRUPT, "at once"));
    silt_catalog_clear(&catalog);
}

Test(catalog, thousands_of_layers)
{
    enum { COUNT = 5000 };
    struct silt_buffer layers = {0};
    const char *layer = put_described("layer", LAYER_TYPE, "");
    const char *config = put_described("{}", CONFIG_TYPE, "");
    for (int i = 0; i < COUNT; i++) {
        cr_assert_eq(silt_buffer_append(&layers, silt_span_text(i > 0 ? "," : ""), NULL), SILT_OK);
        cr_assert_eq(silt_buffer_append(&layers, silt_span_text(layer), NULL), SILT_OK);
    }
    char *manifest = malloc(layers.size + 1000);
    sprintf(manifest, "{\"config\":%s,\"layers\":[%.*s]}", config, (int)layers.size, (char *)layers.data);
    put_index(put_described(manifest, MANIFEST_TYPE, ""));
    struct silt_catalog catalog = read_well(NULL);
    cr_assert_eq(catalog.manifests.count, 1);
    cr_expect_eq(manifest_at(&catalog, 0)->blob_count, COUNT);
    silt_catalog_clear(&catalog);
    silt_buffer_clear(&layers);
    free(manifest);
}

Test(catalog, no_index_at_all)
{
    fixture_write_text(fixture_path("l/oci-layout"), "{}");
    struct silt_catalog catalog = read_well(NULL);
    cr_expect_eq(catalog.manifests.count, 0);
    cr_expect(has_problem(&catalog, SILT_ERR_NOT_FOUND, "index.json"));
    silt_catalog_clear(&catalog);
}
