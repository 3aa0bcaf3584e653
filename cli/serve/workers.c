/*
 * workers.c: a job from the queue to the store.
 *
 * The queue counts an attempt when it hands a job out, before anything of the image is looked at: one that
 * kills the process is given up after its attempts like any other that fails. Results are put before the job
 * is done, so that a death between the two repeats a scan (whose layers are cached) and loses nothing.
 */
#include "serve/workers.h"

#include "serve/beat.h"
#include "serve/examine.h"
#include "serve/log.h"
#include "serve/metrics.h"
#include "serve/outlet.h"
#include "serve/queue.h"
#include "serve/report.h"
#include "serve/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { TAKE_MS = 1000, RESOLVE_MS = 60 * 1000, IMAGE_SIZE = 1024, TROUBLE_MS = 5000, NICENESS = 5 };

/* One worker. */
struct bench {
    struct silt_workers *workers;
    struct silt_beat *beat;
    struct silt_examine examine;
    bool gives_way;
    char digest[SILT_REGISTRY_DIGEST_SIZE]; /* which a job may borrow that named a tag */
    pthread_mutex_t mutex;
    const struct silt_job *job; /* at work; under the mutex */
    bool is_lost;               /* the lease ran out; under the mutex */
};

struct silt_workers {
    const struct silt_context *context;
    struct silt_workers_tools tools;
    struct silt_beat *keeper; /* extends leases */
    struct bench *benches;
    size_t count;
    unsigned jobs; /* threads of one scan */
};

static struct silt_queue *queue_of(const struct bench *bench)
{
    return bench->workers->context->queue;
}

/* Leases */

static void hold(struct bench *bench, const struct silt_job *job)
{
    pthread_mutex_lock(&bench->mutex);
    bench->job = job;
    bench->is_lost = false;
    pthread_mutex_unlock(&bench->mutex);
}

static void extend(struct bench *bench)
{
    pthread_mutex_lock(&bench->mutex);
    if (bench->job != NULL && !bench->is_lost &&
        queue_of(bench)->kind->extend(queue_of(bench), bench->job, NULL) == SILT_ERR_NOT_FOUND) {
        bench->is_lost = true;
        silt_examine_cancel(&bench->examine);
    }
    pthread_mutex_unlock(&bench->mutex);
}

static void extend_all(void *context, struct silt_beat *beat)
{
    struct silt_workers *workers = context;
    (void)beat;
    for (size_t i = 0; i < workers->count; i++)
        extend(&workers->benches[i]);
}

/* Ends of a job */

static void count(const struct bench *bench, enum silt_metrics_counter counter, uint64_t amount)
{
    silt_metrics_add(bench->workers->context->metrics, counter, amount);
}

static void fail(struct bench *bench, const struct silt_job *job, const char *reason, bool is_final)
{
    const struct silt_queue_failure failure = {.reason = reason, .is_final = is_final};
    struct silt_error error = {0};
    bool is_last = is_final || job->attempts >= bench->workers->context->settings->max_attempts;
    silt_log_print("%s/%s@%s: attempt %u failed%s: %s", job->registry, job->repository, job->digest,
                   job->attempts, is_last ? ", put aside" : "", reason);
    if (queue_of(bench)->kind->fail(queue_of(bench), job, &failure, &error) != SILT_OK)
        silt_log_print("job %s: %s", job->id, error.message);
    count(bench, SILT_METRICS_SCANS_FAILED, 1);
}

static void finish(struct bench *bench, const struct silt_job *job)
{
    struct silt_error error = {0};
    enum silt_status status = queue_of(bench)->kind->done(queue_of(bench), job, &error);
    if (status != SILT_OK && status != SILT_ERR_NOT_FOUND)
        silt_log_print("job %s is done and stays in the queue: %s", job->id, error.message);
}

static void give_back(struct bench *bench, const struct silt_job *job)
{
    struct silt_error error = {0};
    if (queue_of(bench)->kind->release(queue_of(bench), job, &error) != SILT_OK)
        silt_log_print("job %s: %s", job->id, error.message);
    count(bench, SILT_METRICS_SCANS_STOPPED, 1);
}

/* Results */

static void count_target(const struct bench *bench, const struct silt_results_target *target)
{
    const struct silt_coverage *coverage = &target->coverage;
    const struct silt_image *image = target->info.image;
    struct silt_results_counts counts = {0};
    uint64_t layers = 0;
    for (size_t i = 0; image != NULL && i < image->layer_count; i++)
        layers += !image->layers[i].is_empty;
    uint64_t cached = coverage->cached_layers < layers ? coverage->cached_layers : layers;
    count(bench, SILT_METRICS_BYTES_SCANNED, coverage->bytes_scanned);
    count(bench, SILT_METRICS_LAYERS_CACHED, cached);
    count(bench, SILT_METRICS_LAYERS_SCANNED, layers - cached);
    silt_results_count_target(target, &counts);
    for (int i = 0; i < SILT_RESULTS_SEVERITIES; i++)
        count(bench, (enum silt_metrics_counter)(SILT_METRICS_FINDINGS_INFO + i), counts.by_severity[i]);
}

/* The first thing that a later attempt may find mended; NULL if there is none. */
static const char *find_trouble(const struct silt_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->targets[i].problem_count; j++)
            if (results->targets[i].problems[j].status == SILT_ERR_IO)
                return results->targets[i].problems[j].message;
    return NULL;
}

static enum silt_status put_results(const struct bench *bench, const struct silt_store_scan *scan,
                                    struct silt_store_news *news, struct silt_error *error)
{
    struct silt_outlet *outlet = bench->workers->tools.outlet;
    return outlet->put(outlet, scan, news, error);
}

/* What is new is known where the store is. */
static void say_kept(const struct silt_job *job, bool is_complete, const struct silt_store_news *news)
{
    const char *how = is_complete ? "scanned" : "scanned in part";
    if (news->image != 0)
        silt_log_print("%s/%s@%s: %s, %" PRIu64 " new, %" PRIu64 " fixed", job->registry, job->repository,
                       job->digest, how, news->found, news->fixed);
    else
        silt_log_print("%s/%s@%s: %s", job->registry, job->repository, job->digest, how);
}

/* Hands the results on. False if they could not be kept. */
static bool keep(struct bench *bench, const struct silt_job *job, struct silt_error *error)
{
    const struct silt_context *context = bench->workers->context;
    const struct silt_results *results = &bench->examine.results;
    struct silt_report_set reports = {0};
    struct silt_store_news news = {0};
    silt_report_set_make(&reports, results);
    const struct silt_store_scan scan = {
        .registry = job->registry,
        .repository = job->repository,
        .digest = job->digest,
        .tag = job->tag,
        .tag_times = job->tag_times,
        .origin = job->origin,
        .signatures = silt_signatures_digest(context->signatures),
        .pushed_ms = job->pushed_ms,
        .targets = results->targets,
        .target_count = results->count,
        .reports = reports.items,
        .report_count = reports.count,
    };
    enum silt_status status = put_results(bench, &scan, &news, error);
    silt_report_set_clear(&reports);
    for (size_t i = 0; status == SILT_OK && i < results->count; i++)
        count_target(bench, &results->targets[i]);
    if (status == SILT_OK)
        say_kept(job, silt_results_is_complete(results), &news);
    return status == SILT_OK;
}

/* A scan that ran to its end, complete or not. */
static void take_results(struct bench *bench, const struct silt_job *job)
{
    struct silt_error error = {0};
    const struct silt_results *results = &bench->examine.results;
    bool is_complete = silt_results_is_complete(results);
    const char *trouble = find_trouble(results);
    if (!keep(bench, job, &error)) {
        fail(bench, job, error.message, false);
    } else if (trouble != NULL && job->attempts < bench->workers->context->settings->max_attempts) {
        fail(bench, job, trouble, false);
    } else {
        finish(bench, job);
        count(bench, is_complete ? SILT_METRICS_SCANS_DONE : SILT_METRICS_SCANS_INCOMPLETE, 1);
    }
}

static bool is_lost(struct bench *bench)
{
    pthread_mutex_lock(&bench->mutex);
    bool answer = bench->is_lost;
    pthread_mutex_unlock(&bench->mutex);
    return answer;
}

static void take_end(struct bench *bench, const struct silt_job *job)
{
    const struct silt_examine *examine = &bench->examine;
    enum silt_status status = examine->status;
    bool is_hopeless =
        status == SILT_ERR_NOT_FOUND || status == SILT_ERR_USAGE || status == SILT_ERR_UNSUPPORTED;
    const char *reason =
        examine->error.message[0] != '\0' ? examine->error.message : silt_status_name(status);
    if (is_lost(bench))
        count(bench, SILT_METRICS_SCANS_STOPPED, 1);
    else if (examine->is_cancelled)
        give_back(bench, job);
    else if (status == SILT_OK)
        take_results(bench, job);
    else
        fail(bench, job, status == SILT_ERR_CANCELLED ? "it took longer than job-timeout" : reason,
             is_hopeless);
}

/* Scans */

static bool is_known(const struct bench *bench, const struct silt_job *job)
{
    const struct silt_context *context = bench->workers->context;
    struct silt_store_news news;
    const struct silt_store_scan scan = {
        .registry = job->registry,
        .repository = job->repository,
        .digest = job->digest,
        .tag = job->tag,
        .tag_times = job->tag_times,
        .origin = job->origin,
        .signatures = silt_signatures_digest(context->signatures),
        .pushed_ms = job->pushed_ms,
    };
    return strcmp(job->origin, "api") != 0 &&
           bench->workers->tools.outlet->know(bench->workers->tools.outlet, &scan, &news, NULL) == SILT_OK;
}

/* Which digest a job is for, where only a tag was known. */
static enum silt_status find_digest(const struct silt_registry_options *options, struct silt_job *job,
                                    char digest[SILT_REGISTRY_DIGEST_SIZE], struct silt_error *error)
{
    char image[IMAGE_SIZE];
    if (job->digest[0] != '\0')
        return SILT_OK;
    snprintf(image, sizeof image, "%s/%s:%.*s", job->registry, job->repository, (int)strcspn(job->tag, " "),
             job->tag);
    digest[0] = '\0';
    enum silt_status status = silt_registry_resolve(options, image, RESOLVE_MS, digest, error);
    job->digest = digest;
    return status;
}

static void scan(struct bench *bench, struct silt_job *job, const struct silt_registry_options *registry)
{
    const struct silt_workers *workers = bench->workers;
    const struct silt_settings *settings = workers->context->settings;
    char target[IMAGE_SIZE];
    uint64_t began = silt_metrics_now();
    struct silt_examine *examine = &bench->examine;
    examine->status = find_digest(registry, job, bench->digest, &examine->error);
    if (examine->status == SILT_OK && is_known(bench, job)) {
        finish(bench, job);
        return;
    }
    if (examine->status == SILT_OK) {
        snprintf(target, sizeof target, "docker://%s/%s@%s", job->registry, job->repository, job->digest);
        const struct silt_examine_want want = {
            .target = target,
            .ruleset = workers->tools.ruleset,
            .signatures = workers->context->signatures,
            .registry = registry,
            .cache = workers->tools.cache,
            .jobs = workers->jobs,
            .max_memory = settings->max_memory / (settings->workers > 0 ? settings->workers : 1),
            .timeout_ms = settings->job_timeout_ms,
            .min_confidence = (enum silt_confidence)settings->min_confidence,
        };
        silt_examine_run(examine, &want);
        count(bench, SILT_METRICS_BYTES_PULLED, examine->bytes_pulled);
        silt_metrics_time(workers->context->metrics, SILT_METRICS_SCAN_TIME, silt_metrics_now() - began);
    }
    take_end(bench, job);
}

static void work(struct bench *bench, struct silt_job *job)
{
    const struct silt_workers *workers = bench->workers;
    const struct silt_settings_registry *registry =
        silt_settings_find_registry(workers->context->settings, job->registry);
    pthread_mutex_lock(&bench->mutex);
    silt_examine_init(&bench->examine);
    pthread_mutex_unlock(&bench->mutex);
    hold(bench, job);
    if (registry == NULL)
        fail(bench, job, "its registry is not in the configuration any more", true);
    else
        scan(bench, job, silt_reach_options(workers->tools.reach, registry));
    hold(bench, NULL);
    silt_examine_clear(&bench->examine);
}

/* Notifications go before scans: a worker's thread, and the threads of its scans, give way to the server's.
 */
static void give_way(struct bench *bench)
{
    if (!bench->gives_way && setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS) != 0)
        silt_log_print("scans run at the priority of the server: %s", strerror(errno));
    bench->gives_way = true;
}

/* One round of a worker: a job, if one comes within a second. */
static void take_one(void *context, struct silt_beat *beat)
{
    struct bench *bench = context;
    give_way(bench);
    struct silt_job job = {0};
    struct silt_error error = {0};
    enum silt_status status = queue_of(bench)->kind->take(queue_of(bench), TAKE_MS, &job, &error);
    if (status == SILT_OK && silt_beat_is_ending(beat))
        give_back(bench, &job);
    else if (status == SILT_OK)
        work(bench, &job);
    else if (status != SILT_END) {
        silt_log_print("no job can be taken: %s", error.message);
        silt_beat_wait(beat, TROUBLE_MS);
    }
    silt_job_clear(&job);
}

enum silt_status silt_workers_start(const struct silt_context *context,
                                    const struct silt_workers_tools *tools, struct silt_workers **out,
                                    struct silt_error *error)
{
    size_t wanted = context->settings->workers;
    struct silt_workers *workers = calloc(1, sizeof *workers);
    struct bench *benches = calloc(wanted + 1, sizeof *benches);
    if (workers == NULL || benches == NULL) {
        free(workers);
        free(benches);
        return SILT_ERR_MEMORY;
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *workers = (struct silt_workers){.context = context, .tools = *tools, .benches = benches};
    workers->jobs = processors > (long)wanted && wanted > 0 ? (unsigned)processors / (unsigned)wanted : 1;
    *out = workers;
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < wanted && status == SILT_OK; i++) {
        benches[i].workers = workers;
        pthread_mutex_init(&benches[i].mutex, NULL);
        workers->count++;
        status = silt_beat_start(take_one, &benches[i], 0, &benches[i].beat, error);
    }
    return status == SILT_OK && wanted > 0
               ? silt_beat_start(extend_all, workers, SILT_WORKERS_LEASE_MS / 4, &workers->keeper, error)
               : status;
}

static bool is_working(struct bench *bench)
{
    pthread_mutex_lock(&bench->mutex);
    bool answer = bench->job != NULL;
    pthread_mutex_unlock(&bench->mutex);
    return answer;
}

static bool are_working(struct silt_workers *workers)
{
    for (size_t i = 0; i < workers->count; i++)
        if (is_working(&workers->benches[i]))
            return true;
    return false;
}

static void cancel(struct bench *bench)
{
    pthread_mutex_lock(&bench->mutex);
    if (bench->job != NULL)
        silt_examine_cancel(&bench->examine);
    pthread_mutex_unlock(&bench->mutex);
}

void silt_workers_stop(struct silt_workers *workers, uint64_t grace_ms)
{
    const struct timespec moment = {0, 50 * 1000 * 1000};
    if (workers == NULL)
        return;
    struct silt_queue *queue = workers->context->queue;
    for (size_t i = 0; i < workers->count; i++)
        silt_beat_ask_end(workers->benches[i].beat);
    queue->kind->stop(queue);
    for (uint64_t waited = 0; waited < grace_ms && are_working(workers); waited += 50)
        nanosleep(&moment, NULL);
    for (size_t i = 0; i < workers->count; i++) {
        cancel(&workers->benches[i]);
        silt_beat_stop(workers->benches[i].beat);
    }
    silt_beat_stop(workers->keeper);
    for (size_t i = 0; i < workers->count; i++)
        pthread_mutex_destroy(&workers->benches[i].mutex);
    free(workers->benches);
    free(workers);
}
