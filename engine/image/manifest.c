/*
 * manifest.c: descriptors of a manifest to blobs with roles.
 */
#include "image/manifest.h"

#include "base/error.h"
#include "image/config.h"
#include "image/member.h"
#include "image/role.h"

#include <stdio.h>

enum { TINY_CONFIG = 2 }; /* "{}": the empty descriptor of OCI manifest.md */

static const struct silt_json *layers_of(const struct silt_json *root)
{
    const struct silt_json *layers = silt_member_get(root, "layers");
    return silt_json_is_array(layers) ? layers : silt_member_get(root, "blobs");
}

bool silt_manifest_is_one(const struct silt_json *root)
{
    return silt_json_is_array(layers_of(root));
}

/* Fills a blob from its descriptor. A digest that cannot be is a problem, and the blob's name then leads
 * nowhere. */
static enum silt_status fill_blob(struct silt_reader *reader, struct silt_blob_ref *out,
                                  const struct silt_json *descriptor, bool is_image, const char *path,
                                  struct silt_error *error)
{
    bool ok = true;
    struct silt_arena *arena = &reader->catalog->arena;
    out->media_type = silt_member_copy(descriptor, "mediaType", arena, &ok);
    out->digest = silt_member_copy(descriptor, "digest", arena, &ok);
    out->history = -1;
    out->role =
        silt_role_of(out->media_type, is_image, silt_json_count(silt_member_get(descriptor, "urls")) > 0);
    if (!ok)
        return silt_error_memory(error);
    enum silt_status status = SILT_OK;
    if (out->digest != NULL)
        status = silt_reader_blob_name(reader, out->digest, &out->name, error);
    if (status == SILT_OK && !silt_member_size(descriptor, "size", &out->size))
        status = silt_reader_problem(reader, error, SILT_ERR_CORRUPT, path, "the size of %.100s is absurd",
                                     out->digest != NULL ? out->digest : "a blob");
    if (status != SILT_OK || out->name != NULL)
        return status;
    status = silt_reader_problem(reader, error, SILT_ERR_CORRUPT, path, "'%.100s' is not a digest",
                                 out->digest != NULL ? out->digest : "");
    out->name = out->digest = "";
    return status;
}

/* The manifest of the catalog with the same config: the same image, met before in manifest.json. */
static struct silt_manifest *find_twin(const struct silt_reader *reader, const struct silt_manifest *manifest)
{
    const struct silt_array *all = &reader->catalog->manifests;
    for (size_t i = 0; reader->is_supplement && manifest->config_digest != NULL && i < all->count; i++) {
        struct silt_manifest *other = silt_array_at(all, i);
        bool is_same = other->config_digest != NULL && other->blob_count == manifest->blob_count &&
                       strcmp(other->config_digest, manifest->config_digest) == 0;
        if (is_same)
            return other;
    }
    return NULL;
}

static enum silt_status read_config(struct silt_reader *reader, struct silt_manifest *manifest,
                                    const struct silt_json *descriptor, size_t layer_count, const char *path,
                                    struct silt_error *error)
{
    struct silt_blob_ref config = {0};
    enum silt_status status = fill_blob(reader, &config, descriptor, false, path, error);
    if (status != SILT_OK || config.name[0] == '\0')
        return status;
    manifest->config_digest = config.digest;
    if (find_twin(reader, manifest) != NULL)
        return SILT_OK; /* its config was read */
    const struct silt_document_want want = {config.name, config.digest, config.size, reader->is_supplement};
    if (silt_role_is_image_config(config.media_type))
        return silt_config_read(reader, manifest, &want, layer_count, error);
    if (config.size <= TINY_CONFIG && config.size > 0)
        return SILT_OK;
    config.role = config.role == SILT_BLOB_ENCRYPTED ? SILT_BLOB_ENCRYPTED : SILT_BLOB_FILE;
    manifest->blobs[manifest->blob_count++] = config;
    return SILT_OK;
}

static enum silt_status fill(struct silt_reader *reader, struct silt_manifest *manifest,
                             const struct silt_json *root, const char *path, struct silt_error *error)
{
    const struct silt_json *layers = layers_of(root), *config = silt_member_get(root, "config");
    size_t count = silt_json_count(layers);
    bool is_image =
        silt_json_is_object(config) && silt_role_is_image_config(silt_member_string(config, "mediaType"));
    manifest->blobs = silt_arena_take(&reader->catalog->arena, (count + 1) * sizeof *manifest->blobs);
    if (manifest->blobs == NULL)
        return silt_error_memory(error);
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < count && status == SILT_OK; i++)
        status = fill_blob(reader, &manifest->blobs[i], silt_json_at(layers, i), is_image, path, error);
    manifest->blob_count = count;
    if (status == SILT_OK && silt_json_is_object(config))
        status = read_config(reader, manifest, config, count, path, error);
    return status;
}

/* Whether the image was built for the platform that the user named. An index has chosen already. */
static bool is_wanted(const struct silt_reader *reader, const struct silt_manifest *manifest,
                      const struct silt_lead *lead)
{
    struct silt_platform platform;
    if (reader->selection->platform == NULL || reader->selection->all_platforms || lead->is_chosen ||
        lead->is_attestation || manifest->platform == NULL)
        return true;
    return silt_platform_parse(manifest->platform, &platform, NULL) != SILT_OK ||
           silt_platform_score(&reader->wanted, &platform) > 0;
}

enum silt_status silt_manifest_keep(struct silt_reader *reader, struct silt_manifest *manifest,
                                    const struct silt_lead *lead, size_t first_text, struct silt_error *error)
{
    if (!is_wanted(reader, manifest, lead)) {
        silt_texts_drop(&reader->texts, first_text);
        reader->missed_platform = true;
        return silt_reader_offer(reader, manifest->platform, error);
    }
    enum silt_status status =
        silt_texts_take(&reader->texts, &manifest->documents, &manifest->document_count, error);
    if (status != SILT_OK)
        return status;
    struct silt_manifest *kept = silt_array_put(&reader->catalog->manifests);
    if (kept == NULL)
        return silt_error_memory(error);
    *kept = *manifest;
    return SILT_OK;
}

/* What only the OCI manifest knows of an image from manifest.json. */
static enum silt_status merge(struct silt_reader *reader, struct silt_manifest *twin,
                              const struct silt_manifest *manifest, struct silt_error *error)
{
    twin->digest = manifest->digest;
    for (size_t i = 0; i < twin->blob_count; i++) {
        struct silt_blob_ref *own = &twin->blobs[i];
        const struct silt_blob_ref *other = &manifest->blobs[i];
        if (strcmp(own->name, other->name) != 0)
            continue;
        own->digest = other->digest;
        own->media_type = other->media_type;
        own->size = other->size;
        own->role = other->role;
    }
    return silt_texts_take(&reader->texts, &twin->documents, &twin->document_count, error);
}

/* Annotations and all else that the manifest says: origin and path as users know them. */
static enum silt_status put_texts(struct silt_reader *reader, const struct silt_json *root,
                                  struct silt_error *error)
{
    const struct silt_document document = {SILT_ORIGIN_ANNOTATION, "manifest:", {0}, -1};
    return silt_texts_walk(&reader->texts, &document, root, NULL, error);
}

enum silt_status silt_manifest_take(struct silt_reader *reader, const struct silt_lead *lead,
                                    const struct silt_document_json *document, struct silt_error *error)
{
    struct silt_manifest manifest = {.reference = lead->reference, .platform = lead->platform};
    size_t first_text = reader->texts.items.count;
    manifest.digest = silt_arena_copy(&reader->catalog->arena, silt_span_text(document->digest));
    if (manifest.digest == NULL)
        return silt_error_memory(error);
    enum silt_status status = put_texts(reader, document->root, error);
    if (status == SILT_OK)
        status = fill(reader, &manifest, document->root, lead->name, error);
    if (status != SILT_OK)
        return status;
    struct silt_manifest *twin = find_twin(reader, &manifest);
    return twin != NULL ? merge(reader, twin, &manifest, error)
                        : silt_manifest_keep(reader, &manifest, lead, first_text, error);
}
