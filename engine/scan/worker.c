/*
 * worker.c: puts one thread's tools together.
 */
#include "scan/worker.h"

#include "base/error.h"

#include <stdlib.h>

static void take_skip(void *context, const struct silt_skip *skip)
{
    struct silt_worker *worker = context;
    silt_result_put_skip(worker->result, skip);
}

static enum silt_status take_file(void *context, struct silt_entry *entry, struct silt_error *error)
{
    struct silt_worker *worker = context;
    return silt_tap_open(worker->tap, entry->path, worker->result, &entry->content, error);
}

static enum silt_status make_walk(struct silt_worker *worker, struct silt_error *error)
{
    const struct silt_scan_options *options = worker->scan->options;
    const struct silt_walk_limits limits = {
        .max_depth = options->max_depth,
        .max_entry_size = options->max_entry_size,
        .max_ratio = options->max_ratio,
        .max_memory = options->max_memory / 2,
    };
    const struct silt_report report = {worker, take_skip};
    const struct silt_walk_hook hook = {worker, take_file};
    enum silt_status status = silt_walk_new(&limits, &report, &worker->walk, error);
    if (status == SILT_OK)
        silt_walk_set_hook(worker->walk, &hook);
    return status;
}

static enum silt_status make_tools(struct silt_worker *worker, struct silt_error *error)
{
    size_t rules = silt_ruleset_count(worker->scan->ruleset);
    worker->examined = calloc(rules + 1, sizeof *worker->examined);
    worker->generation = calloc(rules + 1, sizeof *worker->generation);
    if (worker->examined == NULL || worker->generation == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_matcher_new(worker->scan->ruleset, &worker->matcher, error);
    if (status == SILT_OK)
        status = silt_confirmer_new(worker->scan->judge, &worker->confirmer, error);
    if (status == SILT_OK)
        status = silt_windower_new(&worker->windower, error);
    if (status == SILT_OK)
        status = silt_tap_new(&worker->tap, error);
    if (status == SILT_OK)
        status = make_walk(worker, error);
    return status;
}

enum silt_status silt_worker_new(struct silt_scan *scan, struct silt_worker **out, struct silt_error *error)
{
    struct silt_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return silt_error_memory(error);
    worker->scan = scan;
    enum silt_status status = make_tools(worker, error);
    if (status != SILT_OK) {
        silt_worker_free(worker);
        return status;
    }
    *out = worker;
    return SILT_OK;
}

void silt_worker_begin(struct silt_worker *worker, const struct silt_stream *watch)
{
    worker->watch = watch;
    worker->plain = worker->nested = 0;
}

void silt_worker_free(struct silt_worker *worker)
{
    if (worker == NULL)
        return;
    silt_walk_free(worker->walk);
    silt_tap_free(worker->tap);
    silt_windower_free(worker->windower);
    silt_confirmer_free(worker->confirmer);
    silt_matcher_free(worker->matcher);
    free(worker->examined);
    free(worker->generation);
    free(worker);
}
