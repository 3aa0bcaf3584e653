/*
 * describe.c: what the images of a target are: their documents only.
 */
#include "scan/describe.h"

#include "base/error.h"
#include "image/catalog.h"

#include <stdlib.h>

enum { JSON_BUDGET = 64 * 1024 * 1024 };

static enum silt_status describe(const struct silt_tour *tour, const struct silt_manifest *manifest,
                                 struct silt_error *error)
{
    struct silt_image_layer *layers = calloc(manifest->blob_count + 1, sizeof *layers);
    if (layers == NULL)
        return silt_error_memory(error);
    for (size_t i = 0; i < manifest->blob_count; i++) {
        const struct silt_blob_ref *blob = &manifest->blobs[i];
        layers[i] = (struct silt_image_layer){.index = (int)i,
                                              .digest = blob->digest,
                                              .diff_id = blob->diff_id,
                                              .media_type = blob->media_type,
                                              .size_bytes = blob->size};
    }
    const struct silt_image image = {
        .reference = manifest->reference,
        .digest = manifest->digest,
        .config_digest = manifest->config_digest,
        .platform = manifest->platform,
        .created = manifest->created,
        .layers = layers,
        .layer_count = manifest->blob_count,
        .revision = manifest->revision,
    };
    const struct silt_target_info info = {tour->name, SILT_TARGET_IMAGE, &image};
    const struct silt_sink *sink = tour->sink;
    bool goes_on = sink->target_begin == NULL || sink->target_begin(sink->context, &info);
    free(layers);
    return goes_on ? SILT_OK : silt_error_set(error, SILT_ERR_CANCELLED, "stopped by the caller");
}

static enum silt_status describe_all(const struct silt_tour *tour, const struct silt_catalog *catalog,
                                     struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    if (catalog->manifests.count == 0)
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "%s: there is no image in it", tour->name);
    for (size_t i = 0; i < catalog->manifests.count && status == SILT_OK; i++)
        status = describe(tour, silt_array_at(&catalog->manifests, i), error);
    return status;
}

enum silt_status silt_describe_images(struct silt_tour *tour, struct silt_error *error)
{
    const struct silt_scan_options *options = tour->scan->options;
    const struct silt_selection selection = {
        .reference = tour->target->reference,
        .platform = options->platform,
        .all_platforms = options->all_platforms,
        .json_budget = JSON_BUDGET,
    };
    if (tour->source->layout != SILT_LAYOUT_DOCKER && tour->source->layout != SILT_LAYOUT_OCI)
        return silt_error_set(
            error, SILT_ERR_UNSUPPORTED,
            "%s: its images cannot be told without reading all of it: give an uncompressed archive, "
            "an OCI layout or a reference",
            tour->name);
    struct silt_catalog catalog = {.manifests.item_size = sizeof(struct silt_manifest),
                                   .problems.item_size = sizeof(struct silt_catalog_problem),
                                   .raw.item_size = sizeof(struct silt_document)};
    enum silt_status status = silt_catalog_read(tour->source, &selection, &catalog, error);
    if (status == SILT_OK)
        status = describe_all(tour, &catalog, error);
    silt_catalog_clear(&catalog);
    return status;
}
