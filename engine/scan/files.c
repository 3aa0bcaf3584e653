/*
 * files.c: one file after another into one result.
 */
#include "scan/files.h"

#include "scan/blob.h"
#include "scan/emit.h"
#include "scan/watch.h"

struct files {
    struct silt_tour *tour;
    struct silt_result *result;
};

static enum silt_status scan_blob(struct files *files, struct silt_worker *worker,
                                  const struct silt_blob *blob, struct silt_error *error)
{
    if (blob->skip != NULL)
        silt_result_put_skip(files->result, blob->skip);
    if (blob->content == NULL)
        return SILT_OK;
    struct silt_stream *watch;
    enum silt_status status = silt_watch_open(blob->content, files->tour->scan, &watch, error);
    if (status != SILT_OK)
        return status;
    silt_worker_begin(worker, watch);
    status = silt_blob_scan_file(worker, watch, blob->name, error);
    silt_worker_begin(worker, NULL);
    silt_stream_free(watch);
    return status;
}

static enum silt_status run_files(void *context, struct silt_worker *worker, struct silt_error *error)
{
    struct files *files = context;
    struct silt_source *source = files->tour->source;
    worker->result = files->result;
    struct silt_blob blob;
    enum silt_status status;
    while ((status = source->ops->next(source, &blob, error)) == SILT_OK) {
        status = scan_blob(files, worker, &blob, error);
        if (status != SILT_OK)
            break;
    }
    worker->result = NULL;
    return status == SILT_END ? SILT_OK : status;
}

enum silt_status silt_files_scan(struct silt_tour *tour, struct silt_error *error)
{
    struct files files = {.tour = tour};
    enum silt_status status = silt_result_new(&files.result, error);
    if (status != SILT_OK)
        return status;
    const struct silt_pool pool = silt_tour_pool(tour);
    const struct silt_job job = {run_files, &files};
    struct silt_error cut = {0};
    enum silt_status scanned = silt_pool_run(&pool, &job, 1, &cut);
    status = silt_packages_finish(files.result->packages, error);
    const struct silt_problem problem = silt_emit_cut(&cut);
    const struct silt_part part = {files.result, -1, {0}};
    const struct silt_emission emission = {
        .scan = tour->scan,
        .sink = tour->sink,
        .target = tour->name,
        .kind = tour->target->ops->kind,
        .parts = &part,
        .part_count = 1,
        .problems = &problem,
        .problem_count = scanned != SILT_OK,
        .started_ms = tour->started_ms,
        .is_cut_short = scanned != SILT_OK,
    };
    if (status == SILT_OK)
        status = silt_emit_target(&emission, error);
    silt_result_free(files.result);
    return status != SILT_OK ? status : silt_emit_outcome(scanned, &cut, error);
}
