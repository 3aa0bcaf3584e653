/*
 * listing.c: GET /v2/NAME/tags/list and /v2/_catalog, page by page (OCI distribution spec, "Listing Tags";
 * distribution's API for the catalog).
 */
#include "registry/listing.h"

#include "base/error.h"
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    PAGE_MAX = 8 * 1024 * 1024,
    PAGES_MAX = 10000,
    NAMES_MAX = 200000,
    NAME_SIZE_MAX = 512,
    JSON_BUDGET = 64 * 1024 * 1024,
    PATH_SIZE = 512,
};

static enum silt_status put_name(struct silt_listing *out, const struct silt_json *value,
                                 struct silt_error *error)
{
    struct silt_span text = silt_span_slice(silt_json_text(value), 0, NAME_SIZE_MAX);
    const char *copy = silt_arena_copy(&out->arena, text);
    const char **slot = copy != NULL ? silt_array_put(&out->names) : NULL;
    if (slot == NULL)
        return silt_error_memory(error);
    *slot = copy;
    return SILT_OK;
}

static enum silt_status take_page(struct silt_span text, const char *member, struct silt_listing *out,
                                  struct silt_error *error)
{
    struct silt_json *root = NULL;
    enum silt_status status = silt_json_parse(text, JSON_BUDGET, &root, error);
    if (status != SILT_OK)
        return status;
    const struct silt_json *list = silt_json_get(root, member);
    if (!silt_json_is_object(root))
        status = silt_error_set(error, SILT_ERR_CORRUPT, "its list is no JSON object");
    for (size_t i = 0; i < silt_json_count(list) && status == SILT_OK; i++) {
        if (out->names.count == NAMES_MAX)
            status = silt_error_set(error, SILT_ERR_LIMIT, "it lists more than %d names", NAMES_MAX);
        else
            status = put_name(out, silt_json_at(list, i), error);
    }
    silt_json_free(root);
    return status;
}

/* Reads one page and replaces `path` by the next one's. */
static enum silt_status read_page(struct silt_session *session, const char *repository,
                                  struct silt_buffer *path, struct silt_listing *out,
                                  struct silt_error *error)
{
    struct silt_exchange *exchange = NULL;
    struct silt_buffer text = {0}, next = {0};
    const struct silt_session_want want = {.repository = repository != NULL ? repository : "",
                                           .path = (const char *)path->data,
                                           .accept = "application/json"};
    enum silt_status status = silt_session_get(session, &want, &exchange, error);
    if (status == SILT_OK)
        status = silt_exchange_read_all(exchange, PAGE_MAX, &text, error);
    if (status == SILT_OK)
        status = take_page(silt_buffer_span(&text), repository != NULL ? "tags" : "repositories", out, error);
    if (status == SILT_OK)
        status = silt_session_next_page(session, (const char *)path->data, exchange, &next, error);
    silt_exchange_free(exchange);
    silt_buffer_clear(&text);
    silt_buffer_clear(path);
    *path = next;
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum silt_status silt_listing_read(struct silt_session *session, const char *repository,
                                   struct silt_listing *out, struct silt_error *error)
{
    char first[PATH_SIZE];
    struct silt_buffer path = {0};
    *out = (struct silt_listing){.names.item_size = sizeof(const char *)};
    if (repository != NULL)
        snprintf(first, sizeof first, "/v2/%s/tags/list?n=1000", repository);
    else
        snprintf(first, sizeof first, "/v2/_catalog?n=1000");
    enum silt_status status = silt_buffer_append(&path, silt_span_of(first, strlen(first) + 1), error);
    for (size_t page = 0; status == SILT_OK && path.data[0] != '\0'; page++)
        status = page < PAGES_MAX
                     ? read_page(session, repository, &path, out, error)
                     : silt_error_set(error, SILT_ERR_LIMIT, "its list has more than %d pages", PAGES_MAX);
    silt_buffer_clear(&path);
    if (out->names.count > 0) /* registries differ, and the order shows in reports */
        qsort(out->names.items, out->names.count, sizeof(const char *), by_name);
    if (status != SILT_OK)
        silt_error_prefix(error, "%s%s%s: its %s", silt_session_host(session), repository != NULL ? "/" : "",
                          repository != NULL ? repository : "", repository != NULL ? "tags" : "catalog");
    return status;
}

const char *silt_listing_at(const struct silt_listing *listing, size_t index)
{
    return *(const char *const *)silt_array_at(&listing->names, index);
}

void silt_listing_clear(struct silt_listing *listing)
{
    silt_array_clear(&listing->names);
    silt_arena_clear(&listing->arena);
}
