/*
 * unclaimed.c: names asked for against names that are there.
 */
#include "scan/unclaimed.h"

#include "base/buffer.h"
#include "base/error.h"
#include "scan/blob.h"
#include "scan/watch.h"

#include <stdlib.h>

enum { DOCUMENT_MAX = 256 * 1024, DOCUMENTS_MAX = 16 * 1024 * 1024, NAMES_MAX = 1000000 };

static enum silt_status find(struct silt_source *source, const char *name, struct silt_stream **out,
                             uint64_t *size, struct silt_error *error)
{
    struct silt_unclaimed *unclaimed = (struct silt_unclaimed *)source;
    if (unclaimed->names.count < NAMES_MAX) {
        char **slot = silt_array_put(&unclaimed->names);
        if (slot == NULL)
            return silt_error_memory(error);
        *slot = silt_arena_copy(&unclaimed->arena, silt_span_text(name));
        if (*slot == NULL)
            return silt_error_memory(error);
    }
    return unclaimed->inner->ops->find(unclaimed->inner, name, out, size, error);
}

static const struct silt_source_ops passing_ops = {.transport = "recorded", .find = find};

void silt_unclaimed_init(struct silt_unclaimed *unclaimed, struct silt_source *source)
{
    *unclaimed = (struct silt_unclaimed){.source = {&passing_ops, source->layout, source->has_referrers},
                                         .inner = source};
    unclaimed->names.item_size = sizeof(char *);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds the names of all layers, and sorts. */
static enum silt_status close_names(struct silt_unclaimed *unclaimed, const struct silt_catalog *catalog,
                                    struct silt_error *error)
{
    for (size_t m = 0; m < catalog->manifests.count; m++) {
        const struct silt_manifest *manifest = silt_array_at(&catalog->manifests, m);
        for (size_t b = 0; b < manifest->blob_count; b++) {
            const char **slot = silt_array_put(&unclaimed->names);
            if (slot == NULL)
                return silt_error_memory(error);
            *slot = manifest->blobs[b].name;
        }
    }
    if (unclaimed->names.count > 0)
        qsort(unclaimed->names.items, unclaimed->names.count, sizeof(char *), by_text);
    return SILT_OK;
}

/* The file oci-layout says only which version of the layout it is. */
static bool is_claimed(const struct silt_unclaimed *unclaimed, const char *name)
{
    if (unclaimed->source.layout == SILT_LAYOUT_OCI && strcmp(name, "oci-layout") == 0)
        return true;
    return unclaimed->names.count > 0 &&
           bsearch(&name, unclaimed->names.items, unclaimed->names.count, sizeof(char *), by_text) != NULL;
}

static enum silt_status read_all(struct silt_stream *stream, struct silt_buffer *out,
                                 struct silt_error *error)
{
    struct silt_span bytes;
    enum silt_status status;
    while ((status = silt_stream_peek(stream, 1, &bytes, error)) == SILT_OK) {
        status = silt_buffer_append(out, bytes, error);
        if (status != SILT_OK)
            return status;
        silt_stream_consume(stream, bytes.size);
    }
    return status == SILT_END ? SILT_OK : status;
}

/* What of it can be read becomes a document; that the rest cannot is told. */
static enum silt_status put_document(struct silt_worker *worker, struct silt_catalog *catalog,
                                     const struct silt_blob *blob, const char *name, struct silt_error *error)
{
    struct silt_buffer text = {0};
    struct silt_error why = {0};
    enum silt_status status = read_all(blob->content, &text, &why);
    if (status != SILT_OK)
        silt_result_put_problem(worker->result, status, blob->name, why.message);
    struct silt_document *document = NULL;
    const char *copy = silt_arena_copy(&catalog->arena, silt_buffer_span(&text));
    if (copy != NULL)
        document = silt_array_put(&catalog->raw);
    if (document != NULL)
        *document = (struct silt_document){.origin = SILT_ORIGIN_ANNOTATION,
                                           .path = name,
                                           .text = silt_span_of(copy, text.size),
                                           .history = -1};
    silt_buffer_wipe(&text);
    if (document == NULL)
        return silt_error_memory(error);
    return SILT_OK;
}

static enum silt_status scan_blob(struct silt_tour *tour, struct silt_worker *worker,
                                  const struct silt_blob *blob, struct silt_error *error)
{
    struct silt_stream *watch;
    enum silt_status status = silt_watch_open(blob->content, tour->scan, &watch, error);
    if (status != SILT_OK)
        return status;
    silt_worker_begin(worker, watch);
    status = silt_blob_scan_file(worker, watch, blob->name, error);
    silt_worker_begin(worker, NULL);
    silt_stream_free(watch);
    return status;
}

static void put_skip(struct silt_worker *worker, const struct silt_blob *blob)
{
    const struct silt_skip skip = {.reason = SILT_SKIP_UNREFERENCED,
                                   .place = {.path = blob->name, .layer = -1},
                                   .bytes = blob->size,
                                   .detail = "no chosen image names it"};
    silt_result_put_skip(worker->result, &skip);
}

/* Whether the user left other images aside, whose blobs are not to be reported as part of this one. */
static bool is_a_choice(const struct silt_tour *tour)
{
    if (tour->target->reference != NULL)
        return true;
    return tour->source->layout == SILT_LAYOUT_OCI && !tour->scan->options->all_platforms;
}

static enum silt_status take_blob(struct silt_tour *tour, struct silt_worker *worker,
                                  struct silt_catalog *catalog, const struct silt_blob *blob,
                                  const char *name, struct silt_error *error)
{
    if (is_a_choice(tour) && catalog->manifests.count > 0) {
        put_skip(worker, blob);
        return SILT_OK;
    }
    if (blob->size <= DOCUMENT_MAX && catalog->arena.used < DOCUMENTS_MAX)
        return put_document(worker, catalog, blob, name, error);
    return scan_blob(tour, worker, blob, error);
}

enum silt_status silt_unclaimed_scan(struct silt_unclaimed *unclaimed, struct silt_tour *tour,
                                     struct silt_worker *worker, struct silt_catalog *catalog,
                                     struct silt_error *error)
{
    struct silt_source *source = unclaimed->inner;
    enum silt_status status = close_names(unclaimed, catalog, error);
    struct silt_blob blob;
    while (status == SILT_OK && source->ops->next != NULL &&
           (status = source->ops->next(source, &blob, error)) == SILT_OK) {
        if (blob.skip != NULL)
            silt_result_put_skip(worker->result, blob.skip);
        const char *name = silt_arena_copy(&catalog->arena, blob.name);
        if (name == NULL)
            return silt_error_memory(error);
        if (blob.content != NULL && !is_claimed(unclaimed, name))
            status = take_blob(tour, worker, catalog, &blob, name, error);
    }
    return status == SILT_END ? SILT_OK : status;
}

void silt_unclaimed_clear(struct silt_unclaimed *unclaimed)
{
    silt_array_clear(&unclaimed->names);
    silt_arena_clear(&unclaimed->arena);
}
