/*
 * examine.c: a scanner for one scan, and a sink that keeps what it is lent. Secrets are not kept.
 */
#include "serve/examine.h"

static bool keep(struct silt_examine *examine, bool is_kept)
{
    examine->has_failed = examine->has_failed || !is_kept;
    return is_kept;
}

static bool is_cancelled(struct silt_examine *examine)
{
    pthread_mutex_lock(&examine->mutex);
    bool answer = examine->is_cancelled;
    pthread_mutex_unlock(&examine->mutex);
    return answer;
}

static void set_scanner(struct silt_examine *examine, struct silt_scanner *scanner)
{
    pthread_mutex_lock(&examine->mutex);
    examine->scanner = scanner;
    pthread_mutex_unlock(&examine->mutex);
}

void silt_examine_init(struct silt_examine *examine)
{
    *examine = (struct silt_examine){0};
    pthread_mutex_init(&examine->mutex, NULL);
}

void silt_examine_cancel(struct silt_examine *examine)
{
    pthread_mutex_lock(&examine->mutex);
    examine->is_cancelled = true;
    if (examine->scanner != NULL)
        silt_scanner_cancel(examine->scanner);
    pthread_mutex_unlock(&examine->mutex);
}

static bool begin_target(void *context, const struct silt_target_info *target)
{
    struct silt_examine *examine = context;
    return keep(examine, silt_results_begin(&examine->results, target));
}

static bool take_finding(void *context, const struct silt_finding *finding)
{
    struct silt_examine *examine = context;
    return finding->confidence < examine->want->min_confidence ||
           keep(examine, silt_results_put_finding(&examine->results, finding));
}

static bool take_skip(void *context, const struct silt_skip *skip)
{
    struct silt_examine *examine = context;
    return keep(examine, silt_results_put_skip(&examine->results, skip));
}

static bool take_problem(void *context, const struct silt_problem *problem)
{
    struct silt_examine *examine = context;
    return keep(examine, silt_results_put_problem(&examine->results, problem));
}

static bool end_target(void *context, const struct silt_coverage *coverage)
{
    struct silt_examine *examine = context;
    return keep(examine, silt_results_end(&examine->results, coverage));
}

static bool go_on(void *context, const struct silt_progress *progress)
{
    struct silt_examine *examine = context;
    examine->bytes_pulled = progress->bytes;
    return !is_cancelled(examine);
}

static void fill(const struct silt_examine_want *want, struct silt_scan_options *options)
{
    silt_scan_options_init(options);
    options->jobs = want->jobs;
    options->max_memory = want->max_memory;
    options->timeout_ms = want->timeout_ms;
    options->all_platforms = true; /* whoever pulls it may have any */
    options->cache = want->cache;
    options->registry = want->registry;
    options->stdin_fd = -1;
}

void silt_examine_run(struct silt_examine *examine, const struct silt_examine_want *want)
{
    const struct silt_sink sink = {examine,      begin_target, take_finding, take_skip,
                                   take_problem, end_target,   go_on};
    struct silt_scan_options options;
    struct silt_scanner *scanner = NULL;
    examine->want = want;
    examine->results.signatures = want->signatures;
    fill(want, &options);
    examine->status = silt_scanner_new(want->ruleset, &options, &scanner, &examine->error);
    if (examine->status == SILT_OK) {
        set_scanner(examine, scanner);
        examine->status = is_cancelled(examine)
                              ? SILT_ERR_CANCELLED
                              : silt_scanner_scan(scanner, want->target, &sink, &examine->error);
        set_scanner(examine, NULL);
    }
    silt_scanner_free(scanner);
    if (examine->has_failed)
        examine->status = SILT_ERR_MEMORY;
}

void silt_examine_clear(struct silt_examine *examine)
{
    silt_results_clear(&examine->results);
    pthread_mutex_destroy(&examine->mutex);
}
