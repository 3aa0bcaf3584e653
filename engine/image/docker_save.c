/*
 * docker_save.c: images by file names.
 */
#include "image/docker_save.h"

#include "base/error.h"
#include "image/config.h"
#include "image/manifest.h"
#include "image/member.h"
#include "image/reference.h"

#include <stdio.h>
#include <stdlib.h>

enum { IMAGES_MAX = 4096, HEX_SIZE = 64 };

static const char name[] = "manifest.json";

/* The tag that the user meant, else the first; *is_meant is false if the reference means another image. */
static const char *choose_tag(const struct silt_reader *reader, const struct silt_json *item, size_t index,
                              bool *is_meant)
{
    const char *wanted = reader->selection->reference;
    const struct silt_json *tags = silt_member_get(item, "RepoTags");
    const char *first = silt_json_string(silt_json_at(tags, 0), NULL);
    char *end;
    *is_meant = wanted == NULL;
    if (wanted != NULL && wanted[0] == '@')
        *is_meant = strtoull(wanted + 1, &end, 10) == index && end != wanted + 1 && *end == '\0';
    for (size_t i = 0; !*is_meant && i < silt_json_count(tags); i++) {
        const char *tag = silt_json_string(silt_json_at(tags, i), "");
        *is_meant = silt_reference_match(wanted, tag);
        if (*is_meant)
            return tag;
    }
    return first;
}

/* The digest that a file's name promises: blobs/sha256/HEX of an OCI layout, HEX.json of older configs. */
static bool find_promise(const char *file, char out[SILT_DIGEST_TEXT_SIZE])
{
    struct silt_span hex = silt_span_text(file);
    struct silt_digest digest;
    if (silt_span_has_prefix(hex, "blobs/sha256/"))
        hex = silt_span_slice(hex, strlen("blobs/sha256/"), hex.size);
    else if (silt_span_has_suffix(hex, ".json"))
        hex.size -= strlen(".json");
    if (hex.size != HEX_SIZE)
        return false;
    snprintf(out, SILT_DIGEST_TEXT_SIZE, "sha256:%.*s", HEX_SIZE, (const char *)hex.data);
    return silt_digest_parse(silt_span_text(out), &digest);
}

static enum silt_status fill_blob(struct silt_reader *reader, struct silt_blob_ref *out,
                                  const struct silt_json *value, struct silt_error *error)
{
    struct silt_arena *arena = &reader->catalog->arena;
    char digest[SILT_DIGEST_TEXT_SIZE];
    const char *file = silt_json_string(value, "");
    *out = (struct silt_blob_ref){.role = SILT_BLOB_LAYER, .history = -1};
    out->name = silt_arena_copy(arena, silt_span_text(file));
    if (silt_span_has_prefix(silt_span_text(file), "blobs/") && find_promise(file, digest)) {
        out->digest = silt_arena_copy(arena, silt_span_text(digest));
        if (out->digest == NULL)
            return silt_error_memory(error);
    }
    return out->name != NULL ? SILT_OK : silt_error_memory(error);
}

static enum silt_status fill_layers(struct silt_reader *reader, struct silt_manifest *manifest,
                                    const struct silt_json *item, struct silt_error *error)
{
    const struct silt_json *layers = silt_member_get(item, "Layers");
    size_t count = silt_json_is_array(layers) ? silt_json_count(layers) : 0;
    manifest->blobs = silt_arena_take(&reader->catalog->arena, (count + 1) * sizeof *manifest->blobs);
    if (manifest->blobs == NULL)
        return silt_error_memory(error);
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < count && status == SILT_OK; i++)
        status = fill_blob(reader, &manifest->blobs[i], silt_json_at(layers, i), error);
    manifest->blob_count = count;
    return status;
}

static enum silt_status fill_config(struct silt_reader *reader, struct silt_manifest *manifest,
                                    const struct silt_json *item, struct silt_error *error)
{
    char digest[SILT_DIGEST_TEXT_SIZE];
    const char *file = silt_member_string(item, "Config");
    if (file == NULL)
        return silt_reader_problem(reader, error, SILT_ERR_CORRUPT, name, "an image without a config");
    const struct silt_document_want want = {.name = file,
                                            .digest = find_promise(file, digest) ? digest : NULL};
    return silt_config_read(reader, manifest, &want, manifest->blob_count, error);
}

static enum silt_status offer_tags(struct silt_reader *reader, const struct silt_json *item,
                                   struct silt_error *error)
{
    const struct silt_json *tags = silt_member_get(item, "RepoTags");
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < silt_json_count(tags) && status == SILT_OK; i++)
        status = silt_reader_offer(reader, silt_json_string(silt_json_at(tags, i), "?"), error);
    return status;
}

static enum silt_status take_image(struct silt_reader *reader, const struct silt_json *item, size_t index,
                                   struct silt_error *error)
{
    static const char *const except[] = {"Config", "Layers", NULL};
    const struct silt_document texts = {SILT_ORIGIN_ANNOTATION, "manifest:", {0}, -1};
    const struct silt_lead lead = {.name = name};
    struct silt_manifest manifest = {0};
    bool is_meant;
    if (!silt_json_is_object(item))
        return silt_reader_problem(reader, error, SILT_ERR_CORRUPT, name, "entry %zu is not an image", index);
    const char *tag = choose_tag(reader, item, index, &is_meant);
    if (!is_meant)
        return offer_tags(reader, item, error);
    if (tag != NULL) {
        manifest.reference = silt_arena_copy(&reader->catalog->arena, silt_span_text(tag));
        if (manifest.reference == NULL)
            return silt_error_memory(error);
    }
    size_t first_text = reader->texts.items.count;
    enum silt_status status = silt_texts_walk(&reader->texts, &texts, item, except, error);
    if (status == SILT_OK)
        status = fill_layers(reader, &manifest, item, error);
    if (status == SILT_OK)
        status = fill_config(reader, &manifest, item, error);
    return status == SILT_OK ? silt_manifest_keep(reader, &manifest, &lead, first_text, error) : status;
}

static enum silt_status take_images(struct silt_reader *reader, const struct silt_json *root,
                                    struct silt_error *error)
{
    size_t count = silt_json_count(root);
    enum silt_status status = SILT_OK;
    if (count > IMAGES_MAX) {
        status = silt_reader_problem(reader, error, SILT_ERR_LIMIT, name,
                                     "it lists %zu images; the first %d are read", count, IMAGES_MAX);
        count = IMAGES_MAX;
    }
    for (size_t i = 0; i < count && status == SILT_OK; i++)
        status = take_image(reader, silt_json_at(root, i), i, error);
    return status;
}

enum silt_status silt_docker_save_read(struct silt_reader *reader, struct silt_error *error)
{
    const struct silt_document_want want = {.name = name};
    struct silt_document_json document = {0};
    enum silt_status status = silt_document_read(reader, &want, &document, error);
    if (status == SILT_OK && silt_json_is_array(document.root)) {
        status = take_images(reader, document.root, error);
    } else if (status == SILT_OK && document.root != NULL) {
        status = silt_reader_problem(reader, error, SILT_ERR_CORRUPT, name, "not a list of images");
        if (status == SILT_OK)
            status = silt_document_keep_raw(reader, name, &document, error);
    }
    silt_document_clear(&document);
    return status;
}
