/*
 * api_images.c: images that were pushed, their layers, and the reports that were kept with them.
 */
#include "output/document.h"
#include "serve/api/api.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *integer(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static void put_coverage(json_t **object, const struct silt_store_image *image)
{
    silt_document_put(object, "complete", json_boolean(image->is_complete));
    silt_document_put(object, "problem", silt_api_text(image->problem));
    silt_document_put(object, "size", integer(image->size_bytes));
    silt_document_put(object, "entries", integer(image->entries));
    silt_document_put(object, "bytes", integer(image->bytes));
    silt_document_put(object, "bytes_scanned", integer(image->bytes_scanned));
    silt_document_put(object, "skipped", integer(image->skipped));
    silt_document_put(object, "layer_count", integer(image->layer_count));
    silt_document_put(object, "cached_layers", integer(image->cached_layers));
    silt_document_put(object, "duration_ms", integer(image->duration_ms));
}

/* Tags with a blank between as an array. */
static json_t *make_tags(const char *tags)
{
    json_t *array = json_array();
    for (size_t size; *tags != '\0'; tags += size + (tags[size] != '\0')) {
        size = strcspn(tags, " ");
        if (size > 0)
            silt_document_append(&array, json_stringn(tags, size));
    }
    return array;
}

json_t *silt_api_image(const struct silt_store_image *image)
{
    json_t *object = json_object();
    silt_document_put(&object, "id", json_integer(image->id));
    silt_document_put(&object, "registry", silt_document_string(image->registry));
    silt_document_put(&object, "repository", silt_document_string(image->repository));
    silt_document_put(&object, "digest", silt_document_string(image->digest));
    silt_document_put(&object, "pushed_digest", silt_document_string(image->pushed_digest));
    silt_document_put(&object, "tags", make_tags(image->tags));
    silt_document_put(&object, "current", json_boolean(image->is_current));
    silt_document_put(&object, "platform", silt_api_text(image->platform));
    silt_document_put(&object, "created", silt_api_text(image->created));
    silt_document_put(&object, "config_digest", silt_api_text(image->config_digest));
    silt_document_put(&object, "origin", silt_api_text(image->origin));
    silt_document_put(&object, "signatures", silt_api_text(image->signatures));
    silt_document_put(&object, "first_seen", silt_api_time(image->first_seen_ms));
    silt_document_put(&object, "last_seen", silt_api_time(image->last_seen_ms));
    silt_document_put(&object, "open", silt_api_severities(image->open));
    silt_document_put(&object, "ignored", integer(image->ignored));
    put_coverage(&object, image);
    return object;
}

static bool put_image(void *context, const struct silt_store_image *image)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, image->id);
    return silt_api_page_put(context, id, silt_api_image(image));
}

/* GET /api/v1/images */
void silt_api_images_list(const struct silt_context *context, const struct silt_request *request,
                          struct silt_response *response)
{
    struct silt_store_filter filter;
    struct silt_api_page page;
    struct silt_error error = {0};
    uint64_t total = 0;
    if (!silt_api_filter(request, &filter, response))
        return;
    silt_api_page_begin(&page, filter.limit++);
    enum silt_status status = silt_store_count_images(context->store, &filter, &total, &error);
    if (status == SILT_OK)
        status = silt_store_images(context->store, &filter, put_image, &page, &error);
    if (status == SILT_OK)
        return silt_api_page_answer(&page, (int64_t)total, response);
    json_decref(page.items);
    silt_api_fail(response, status, &error);
}

static bool put_layer(void *context, const struct silt_store_layer *layer)
{
    json_t **array = context, *object = json_object();
    silt_document_put(&object, "index", json_integer(layer->index));
    silt_document_put(&object, "digest", silt_api_text(layer->digest));
    silt_document_put(&object, "diff_id", silt_api_text(layer->diff_id));
    silt_document_put(&object, "media_type", silt_api_text(layer->media_type));
    silt_document_put(&object, "created_by", silt_api_text(layer->created_by));
    silt_document_put(&object, "size", integer(layer->size_bytes));
    silt_document_put(&object, "empty", json_boolean(layer->is_empty));
    silt_document_put(&object, "first_seen", silt_api_time(layer->first_seen_ms));
    silt_document_put(&object, "images", integer(layer->image_count));
    silt_document_put(&object, "findings", integer(layer->finding_count));
    silt_document_append(array, object);
    return *array != NULL;
}

static bool keep_image(void *context, const struct silt_store_image *image)
{
    *(json_t **)context = silt_api_image(image);
    return false;
}

/* GET /api/v1/images/:id */
void silt_api_images_one(const struct silt_context *context, const struct silt_request *request,
                         struct silt_response *response)
{
    json_t *object = NULL, *layers = json_array();
    struct silt_error error = {0};
    int64_t id = silt_api_id(request);
    enum silt_status status = silt_store_image(context->store, id, keep_image, &object, &error);
    if (status == SILT_OK)
        status = silt_store_layers(context->store, id, put_layer, &layers, &error);
    if (status == SILT_OK) {
        silt_document_put(&object, "layers", layers);
        return silt_response_json(response, 200, object);
    }
    json_decref(object);
    json_decref(layers);
    silt_api_fail(response, status, &error);
}

/* GET /api/v1/images/:id/reports/:format */
void silt_api_images_report(const struct silt_context *context, const struct silt_request *request,
                            struct silt_response *response)
{
    char *report = NULL;
    size_t size;
    struct silt_error error = {0};
    const char *format = silt_request_parameter(request, "format");
    enum silt_status status =
        silt_store_report(context->store, silt_api_id(request), format, &report, &size, &error);
    if (status != SILT_OK)
        return silt_api_fail(response, status, &error);
    response->type = strcmp(format, "sarif") == 0 ? "application/sarif+json" : "application/json";
    silt_response_put(response, report, size);
    free(report);
}
