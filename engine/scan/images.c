/*
 * images.c: catalog, one job a distinct blob, then each image put together from the blobs' results.
 */
#include "scan/images.h"

#include "base/error.h"
#include "scan/blob.h"
#include "scan/emit.h"
#include "scan/inspect.h"
#include "scan/pair.h"
#include "scan/recall.h"
#include "scan/unclaimed.h"
#include "stream/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { JSON_BUDGET = 64 * 1024 * 1024, AHEAD_MIN = 1024 * 1024 };

/* A blob to scan, once, whichever images name it. */
struct piece {
    struct silt_tour *tour;
    const struct silt_blob_ref *ref;
    struct silt_result *result; /* owned */
    int number;                 /* 1-based, for progress */
};

struct pieces {
    struct piece *items; /* sorted by name once scanned */
    size_t count;
};

static void put_skip(struct silt_result *result, const struct silt_blob_ref *ref,
                     enum silt_skip_reason reason, const char *detail)
{
    const struct silt_skip skip = {
        .reason = reason, .place = {.layer = -1}, .bytes = ref->size, .detail = detail};
    silt_result_put_skip(result, &skip);
}

static struct silt_blob_task task_of(const struct piece *piece, const struct silt_scan *scan,
                                     struct silt_stream *stream, uint64_t size)
{
    const struct silt_blob_ref *ref = piece->ref;
    return (struct silt_blob_task){
        .stream = stream,
        .name = silt_span_text(ref->role == SILT_BLOB_FILE ? ref->name : ""),
        .is_layer = ref->role == SILT_BLOB_LAYER,
        .is_target = ref->role == SILT_BLOB_FILE,
        .reads_ahead = ref->role == SILT_BLOB_LAYER && size >= AHEAD_MIN && silt_pool_size(scan->options) > 1,
        .digest = ref->digest,
        .diff_id = ref->diff_id,
    };
}

/* Takes the blob's result from the cache, or scans it. DIGEST: it is to be opened and taken again, without
 * the cache. */
static enum silt_status take_found(struct piece *piece, struct silt_worker *worker,
                                   const struct silt_blob_task *task, bool may_recall,
                                   struct silt_error *error)
{
    struct silt_recall recall;
    struct silt_result *recalled;
    silt_recall_begin(&recall, worker->scan, task);
    enum silt_status status = may_recall ? silt_recall_find(&recall, &recalled, error) : SILT_ERR_NOT_FOUND;
    if (status == SILT_OK) {
        silt_result_free(piece->result);
        piece->result = recalled;
    }
    if (status != SILT_ERR_NOT_FOUND)
        return status;
    status = silt_blob_scan(worker, task, error);
    if (status == SILT_OK)
        silt_recall_keep(&recall, piece->result);
    return status;
}

static enum silt_status scan_piece(struct piece *piece, struct silt_worker *worker, bool may_recall,
                                   struct silt_error *error)
{
    const struct silt_blob_ref *ref = piece->ref;
    if (ref->role == SILT_BLOB_ENCRYPTED) {
        put_skip(piece->result, ref, SILT_SKIP_ENCRYPTED, "the layer is encrypted");
        return SILT_OK;
    }
    struct silt_source *source = piece->tour->source;
    struct silt_stream *stream = NULL;
    struct silt_error local = {0};
    uint64_t size = 0;
    enum silt_status status = source->ops->find(source, ref->name, &stream, &size, &local);
    if (status == SILT_OK) {
        const struct silt_blob_task task = task_of(piece, worker->scan, stream, size);
        status = take_found(piece, worker, &task, may_recall, error);
        silt_stream_free(stream);
        return status;
    }
    if (status == SILT_ERR_CANCELLED)
        return silt_error_set(error, status, "%s", local.message);
    if (ref->role == SILT_BLOB_FOREIGN && status == SILT_ERR_NOT_FOUND) {
        put_skip(piece->result, ref, SILT_SKIP_FOREIGN, "the layer is kept elsewhere (non-distributable)");
        return SILT_OK;
    }
    silt_result_put_problem(piece->result, status, silt_span_text(ref->name), local.message);
    put_skip(piece->result, ref, status == SILT_ERR_NOT_FOUND ? SILT_SKIP_MISSING : SILT_SKIP_UNREADABLE,
             local.message);
    return status == SILT_ERR_MEMORY ? silt_error_memory(error) : SILT_OK;
}

static enum silt_status run_piece(void *context, struct silt_worker *worker, struct silt_error *error)
{
    struct piece *piece = context;
    enum silt_status status = silt_scan_check(worker->scan, error);
    if (status == SILT_OK)
        status = silt_result_new(&piece->result, error);
    if (status != SILT_OK)
        return status;
    int begun = atomic_load(&worker->scan->layer);
    while (piece->number > begun &&
           !atomic_compare_exchange_weak(&worker->scan->layer, &begun, piece->number))
        ;
    worker->result = piece->result;
    status = scan_piece(piece, worker, true, error);
    if (status == SILT_ERR_DIGEST)
        status = scan_piece(piece, worker, false, error);
    worker->result = NULL;
    if (status != SILT_OK)
        put_skip(piece->result, piece->ref, status == SILT_ERR_CANCELLED ? SILT_SKIP_TIME : SILT_SKIP_TOTAL,
                 "the scan stopped before the end of this layer");
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct piece *)a)->ref->name, ((const struct piece *)b)->ref->name);
}

/* Large layers first, so that the last ones to end are small. */
static int by_size(const void *a, const void *b)
{
    uint64_t x = ((const struct piece *)a)->ref->size, y = ((const struct piece *)b)->ref->size;
    return x != y ? (x < y) - (x > y) : by_name(a, b);
}

static size_t count_blobs(const struct silt_catalog *catalog)
{
    size_t count = 0;
    for (size_t m = 0; m < catalog->manifests.count; m++)
        count += ((const struct silt_manifest *)silt_array_at(&catalog->manifests, m))->blob_count;
    return count;
}

static enum silt_status collect_pieces(struct silt_tour *tour, const struct silt_catalog *catalog,
                                       struct pieces *pieces, struct silt_error *error)
{
    pieces->items = calloc(count_blobs(catalog) + 1, sizeof *pieces->items);
    if (pieces->items == NULL)
        return silt_error_memory(error);
    for (size_t m = 0; m < catalog->manifests.count; m++) {
        const struct silt_manifest *manifest = silt_array_at(&catalog->manifests, m);
        for (size_t b = 0; b < manifest->blob_count; b++)
            pieces->items[pieces->count++] = (struct piece){.tour = tour, .ref = &manifest->blobs[b]};
    }
    qsort(pieces->items, pieces->count, sizeof *pieces->items, by_name);
    size_t kept = 0;
    for (size_t i = 0; i < pieces->count; i++)
        if (kept == 0 || strcmp(pieces->items[kept - 1].ref->name, pieces->items[i].ref->name) != 0)
            pieces->items[kept++] = pieces->items[i];
    pieces->count = kept;
    return SILT_OK;
}

static enum silt_status scan_pieces(struct silt_tour *tour, struct pieces *pieces, struct silt_error *error)
{
    struct silt_job *jobs = calloc(pieces->count + 1, sizeof *jobs);
    if (jobs == NULL)
        return silt_error_memory(error);
    qsort(pieces->items, pieces->count, sizeof *pieces->items, by_size);
    tour->layer_count = (int)pieces->count;
    for (size_t i = 0; i < pieces->count; i++) {
        pieces->items[i].number = (int)i + 1;
        tour->total += pieces->items[i].ref->size;
        jobs[i] = (struct silt_job){run_piece, &pieces->items[i]};
    }
    const struct silt_pool pool = silt_tour_pool(tour);
    enum silt_status status = silt_pool_run(&pool, jobs, pieces->count, error);
    free(jobs);
    qsort(pieces->items, pieces->count, sizeof *pieces->items, by_name);
    return status;
}

/* The documents of one image, scanned as one job. */
struct papers {
    const struct silt_document *documents, *raw;
    size_t count, raw_count;
    bool is_first; /* of the catalog's images */
    struct silt_result *result;
    enum silt_status status; /* what ended the job */
    struct silt_error error;
};

static enum silt_status scan_document(struct silt_worker *worker, const struct silt_document *document,
                                      struct silt_error *error)
{
    struct silt_stream *stream;
    enum silt_status status = silt_memory_open(document->text, &stream, error);
    if (status != SILT_OK)
        return status;
    const struct silt_entry entry = {
        .kind = SILT_ENTRY_FILE, .path = silt_span_text(document->path), .content = stream};
    const struct silt_subject subject = {&entry, NULL, document->origin, document->history};
    worker->result->coverage.entries++;
    status = silt_inspect(worker, &subject, error);
    silt_stream_free(stream);
    return status;
}

static enum silt_status run_papers(void *context, struct silt_worker *worker, struct silt_error *error)
{
    struct papers *papers = context;
    enum silt_status status = SILT_OK;
    worker->result = papers->result;
    for (size_t i = 0; i < papers->count && status == SILT_OK; i++)
        status = scan_document(worker, &papers->documents[i], error);
    for (size_t i = 0; i < papers->raw_count && status == SILT_OK; i++)
        status = scan_document(worker, &papers->raw[i], error);
    if (!worker->scan->options->all_matches)
        silt_pair_join(&papers->result->hits, 0, silt_ruleset_signatures(worker->scan->ruleset));
    worker->result = NULL;
    return status;
}

static enum silt_status scan_papers(struct silt_tour *tour, struct papers *papers, struct silt_error *error)
{
    enum silt_status status = silt_result_new(&papers->result, error);
    if (status != SILT_OK)
        return status;
    const struct silt_pool pool = {.scan = tour->scan};
    const struct silt_job job = {run_papers, papers};
    return silt_pool_run(&pool, &job, 1, error);
}

struct problems {
    struct silt_problem *items;
    size_t count;
};

/* The catalog's problems in the sink's form; told with the first image. */
static enum silt_status list_problems(const struct silt_catalog *catalog, const struct silt_error *cut,
                                      struct problems *out, struct silt_error *error)
{
    out->items = calloc(catalog->problems.count + 1, sizeof *out->items);
    if (out->items == NULL)
        return silt_error_memory(error);
    for (size_t i = 0; i < catalog->problems.count; i++) {
        const struct silt_catalog_problem *problem = silt_array_at(&catalog->problems, i);
        out->items[out->count++] = (struct silt_problem){
            .status = problem->status,
            .message = problem->message,
            .place = {.path = silt_span_text(problem->path), .layer = -1},
        };
    }
    if (cut != NULL)
        out->items[out->count++] = silt_emit_cut(cut);
    return SILT_OK;
}

static enum silt_status emit_image(struct silt_tour *tour, struct silt_emission *emission,
                                   struct papers *papers, const struct silt_gathering *gathering,
                                   struct silt_error *error)
{
    enum { MORE_PARTS = 2 }; /* documents, and what is loose */
    const struct silt_manifest *manifest = emission->manifest;
    size_t count = manifest != NULL ? manifest->blob_count : 0;
    struct silt_part *parts = calloc(count + MORE_PARTS, sizeof *parts);
    if (parts == NULL)
        return silt_error_memory(error);
    for (size_t i = 0; i < count; i++)
        parts[i] =
            (struct silt_part){gathering->lookup(gathering->context, manifest->blobs[i].name), (int)i, {0}};
    struct silt_error why = {0};
    enum silt_status paper_status = scan_papers(tour, papers, &why);
    if (papers->result == NULL) {
        free(parts);
        return silt_error_set(error, paper_status, "%s", why.message);
    }
    if (paper_status != SILT_OK)
        silt_result_put_problem(papers->result, paper_status, (struct silt_span){0}, why.message);
    parts[count++] = (struct silt_part){papers->result, -1, {0}};
    if (papers->is_first && gathering->loose != NULL)
        parts[count++] = (struct silt_part){gathering->loose, -1, {0}};
    emission->parts = parts;
    emission->part_count = count;
    emission->is_cut_short = gathering->cut != NULL;
    enum silt_status status = silt_emit_target(emission, error);
    silt_result_free(papers->result);
    free(parts);
    return status;
}

/* The documents of manifest number m; those that belong to none come with the first. */
static struct papers papers_of(const struct silt_catalog *catalog, size_t m)
{
    struct papers papers = {.is_first = m == 0};
    if (m < catalog->manifests.count) {
        const struct silt_manifest *manifest = silt_array_at(&catalog->manifests, m);
        papers.documents = manifest->documents;
        papers.count = manifest->document_count;
    }
    if (m == 0) {
        papers.raw = catalog->raw.items;
        papers.raw_count = catalog->raw.count;
    }
    return papers;
}

enum silt_status silt_images_emit(struct silt_tour *tour, const struct silt_catalog *catalog,
                                  const struct silt_gathering *gathering, struct silt_error *error)
{
    struct problems problems = {0};
    enum silt_status status = list_problems(catalog, gathering->cut, &problems, error);
    size_t count = catalog->manifests.count > 0 ? catalog->manifests.count : 1;
    for (size_t m = 0; m < count && status == SILT_OK; m++) {
        bool is_image = m < catalog->manifests.count;
        struct papers papers = papers_of(catalog, m);
        struct silt_emission emission = {
            .scan = tour->scan,
            .sink = tour->sink,
            .target = tour->name,
            .kind = is_image ? SILT_TARGET_IMAGE : tour->target->ops->kind,
            .manifest = is_image ? silt_array_at(&catalog->manifests, m) : NULL,
            .problems = problems.items,
            .problem_count = m == 0 ? problems.count : 0,
            .started_ms = tour->started_ms,
        };
        status = emit_image(tour, &emission, &papers, gathering, error);
    }
    free(problems.items);
    return status;
}

static const struct silt_result *find_piece(void *context, const char *blob_name)
{
    const struct pieces *pieces = context;
    const struct silt_blob_ref ref = {.name = blob_name};
    const struct piece key = {.ref = &ref};
    const struct piece *piece = bsearch(&key, pieces->items, pieces->count, sizeof key, by_name);
    return piece != NULL ? piece->result : NULL;
}

/* The pass over what no image claims, as one job. */
struct rest {
    struct silt_tour *tour;
    struct silt_unclaimed *unclaimed;
    struct silt_catalog *catalog;
    struct silt_result *result;
};

static enum silt_status run_rest(void *context, struct silt_worker *worker, struct silt_error *error)
{
    struct rest *rest = context;
    worker->result = rest->result;
    enum silt_status status = silt_unclaimed_scan(rest->unclaimed, rest->tour, worker, rest->catalog, error);
    worker->result = NULL;
    return status;
}

static enum silt_status scan_rest(struct rest *rest, struct silt_error *error)
{
    enum silt_status status = silt_result_new(&rest->result, error);
    if (status != SILT_OK)
        return status;
    const struct silt_pool pool = silt_tour_pool(rest->tour);
    const struct silt_job job = {run_rest, rest};
    return silt_pool_run(&pool, &job, 1, error);
}

static void free_pieces(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++)
        silt_result_free(pieces->items[i].result);
    free(pieces->items);
}

static enum silt_status scan_catalog(struct rest *rest, struct silt_error *error)
{
    struct pieces pieces = {0};
    struct silt_tour *tour = rest->tour;
    enum silt_status status = collect_pieces(tour, rest->catalog, &pieces, error);
    if (status == SILT_OK) {
        struct silt_error cut = {0};
        enum silt_status scanned = scan_pieces(tour, &pieces, &cut);
        if (scanned == SILT_OK)
            scanned = scan_rest(rest, &cut);
        const struct silt_gathering gathering = {find_piece, &pieces, rest->result,
                                                 scanned != SILT_OK ? &cut : NULL};
        status = silt_images_emit(tour, rest->catalog, &gathering, error);
        if (status == SILT_OK)
            status = silt_emit_outcome(scanned, &cut, error);
    }
    free_pieces(&pieces);
    silt_result_free(rest->result);
    return status;
}

enum silt_status silt_images_scan(struct silt_tour *tour, struct silt_error *error)
{
    const struct silt_scan_options *options = tour->scan->options;
    const struct silt_selection selection = {
        .reference = tour->target->reference,
        .platform = options->platform,
        .all_platforms = options->all_platforms,
        .json_budget = JSON_BUDGET,
    };
    struct silt_catalog catalog = {.manifests.item_size = sizeof(struct silt_manifest),
                                   .problems.item_size = sizeof(struct silt_catalog_problem),
                                   .raw.item_size = sizeof(struct silt_document)};
    struct silt_unclaimed unclaimed;
    silt_unclaimed_init(&unclaimed, tour->source);
    struct rest rest = {tour, &unclaimed, &catalog, NULL};
    enum silt_status status = silt_catalog_read(&unclaimed.source, &selection, &catalog, error);
    if (status == SILT_OK)
        status = scan_catalog(&rest, error);
    silt_unclaimed_clear(&unclaimed);
    silt_catalog_clear(&catalog);
    return status;
}
