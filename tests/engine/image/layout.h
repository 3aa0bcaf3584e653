/*
 * layout.h: OCI layouts written by hand, and what a catalog made of them, for the tests of images.
 */
#ifndef TESTS_ENGINE_IMAGE_LAYOUT_H
#define TESTS_ENGINE_IMAGE_LAYOUT_H

#include "engine/source/fixture.h"
#include "image/catalog.h"

/* A text made like printf's; valid until 128 more were made. */
static inline const char *text_of(const char *format, ...)
{
    static char texts[128][4096];
    static unsigned next;
    char *text = texts[next++ % 128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof texts[0], format, arguments);
    va_end(arguments);
    return text;
}

/* Writes a blob into the layout "l"; answers its digest. */
static inline const char *put_bytes(struct silt_span content)
{
    struct silt_digest digest;
    char text[SILT_DIGEST_TEXT_SIZE];
    silt_digest_of(content, &digest);
    silt_digest_print(&digest, text);
    fixture_write(fixture_path("l/blobs/sha256/%s", text + 7), content);
    return text_of("%s", text);
}

static inline const char *put_blob(const char *content)
{
    return put_bytes(silt_span_text(content));
}

/* Writes a blob; answers a descriptor of it with more members, such as ",\"platform\":{…}". */
static inline const char *put_described_bytes(struct silt_span content, const char *media_type,
                                              const char *more)
{
    return text_of("{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%zu%s}", media_type, put_bytes(content),
                   content.size, more);
}

static inline const char *put_described(const char *content, const char *media_type, const char *more)
{
    return put_described_bytes(silt_span_text(content), media_type, more);
}

#define LAYER_TYPE "application/vnd.oci.image.layer.v1.tar"
#define CONFIG_TYPE "application/vnd.oci.image.config.v1+json"
#define MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"
#define INDEX_TYPE "application/vnd.oci.image.index.v1+json"

/* Writes an image of one layer whose config has these members; answers its manifest's descriptor. */
static inline const char *put_image(const char *config, const char *more)
{
    const char *layer = put_described("layer", LAYER_TYPE, "");
    const char *manifest = text_of("{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}",
                                   put_described(config, CONFIG_TYPE, ""), layer);
    return put_described(manifest, MANIFEST_TYPE, more);
}

/* A config with one layer for a platform. */
static inline const char *config_for(const char *os, const char *architecture, const char *more)
{
    return text_of("{\"os\":\"%s\",\"architecture\":\"%s\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":"
                   "[\"sha256:aa\"]}%s}",
                   os, architecture, more);
}

static inline void put_index(const char *manifests)
{
    fixture_write_text(fixture_path("l/oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    fixture_write_text(fixture_path("l/index.json"),
                       text_of("{\"schemaVersion\":2,\"manifests\":[%s]}", manifests));
}

/* Reads a target's catalog. */
static inline enum silt_status read_target(const char *target, const struct silt_selection *selection,
                                           struct silt_catalog *out, struct silt_error *error)
{
    const struct silt_selection all = {0};
    struct silt_source *source = source_of(target, error);
    cr_assert_not_null(source, "%s", error->message);
    enum silt_status status = silt_catalog_read(source, selection != NULL ? selection : &all, out, error);
    silt_source_free(source);
    return status;
}

/* Reads the layout "l". */
static inline enum silt_status read_layout(const struct silt_selection *selection, struct silt_catalog *out,
                                           struct silt_error *error)
{
    return read_target(text_of("oci:%s/l", fixture_dir), selection, out, error);
}

static inline const struct silt_manifest *manifest_at(const struct silt_catalog *catalog, size_t index)
{
    cr_assert_lt(index, catalog->manifests.count);
    return silt_array_at(&catalog->manifests, index);
}

/* The text of a document by its path; NULL if there is none. Valid while the catalog lives. */
static inline const struct silt_document *find_document(const struct silt_manifest *manifest,
                                                        const char *path)
{
    for (size_t i = 0; i < manifest->document_count; i++)
        if (strcmp(manifest->documents[i].path, path) == 0)
            return &manifest->documents[i];
    return NULL;
}

static inline void expect_document(const struct silt_manifest *manifest, const char *path,
                                   enum silt_origin origin, const char *text, int history)
{
    const struct silt_document *document = find_document(manifest, path);
    cr_assert_not_null(document, "%s", path);
    cr_expect(silt_span_is_text(document->text, text), "%s: %.*s", path, (int)document->text.size,
              (const char *)document->text.data);
    cr_expect_eq(document->origin, origin, "%s", path);
    cr_expect_eq(document->history, history, "%s: %d", path, document->history);
}

/* Whether a problem has this status and part of text or path. */
static inline bool has_problem(const struct silt_catalog *catalog, enum silt_status status, const char *part)
{
    for (size_t i = 0; i < catalog->problems.count; i++) {
        const struct silt_catalog_problem *problem = silt_array_at(&catalog->problems, i);
        if (problem->status == status &&
            (strstr(problem->message, part) != NULL || strstr(problem->path, part) != NULL))
            return true;
    }
    return false;
}

static inline void expect_no_problem(const struct silt_catalog *catalog)
{
    for (size_t i = 0; i < catalog->problems.count; i++) {
        const struct silt_catalog_problem *problem = silt_array_at(&catalog->problems, i);
        cr_expect_fail("%s: %s", problem->path, problem->message);
    }
}

#endif
