/*
 * metrics.c: counters are atomics; histograms are counters of buckets.
 */
#include "serve/metrics.h"

#include "serve/queue.h"
#include "serve/store.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Upper bounds of the buckets in microseconds; the last one has none. */
static const uint64_t bounds[] = {1000,     2500,     5000,     10000,     25000,     50000,
                                  100000,   250000,   500000,   1000000,   2500000,   5000000,
                                  10000000, 30000000, 60000000, 300000000, 1800000000};
enum { BOUNDS = sizeof bounds / sizeof *bounds };

struct histogram {
    atomic_uint_fast64_t buckets[BOUNDS + 1], sum;
};

struct silt_metrics {
    atomic_uint_fast64_t counters[SILT_METRICS_COUNTERS];
    struct histogram durations[SILT_METRICS_DURATIONS];
};

struct row {
    const char *metric, *labels, *help;
};

static const struct row counter_rows[] = {
#define SILT_COUNTER(name, metric, labels, help) {metric, labels, help},
#define SILT_DURATION(name, metric, help)
#include "serve/metrics.def"
#undef SILT_COUNTER
#undef SILT_DURATION
};

static const struct row duration_rows[] = {
#define SILT_COUNTER(name, metric, labels, help)
#define SILT_DURATION(name, metric, help) {metric, "", help},
#include "serve/metrics.def"
#undef SILT_COUNTER
#undef SILT_DURATION
};

struct silt_metrics *silt_metrics_new(void)
{
    return calloc(1, sizeof(struct silt_metrics));
}

void silt_metrics_free(struct silt_metrics *metrics)
{
    free(metrics);
}

void silt_metrics_add(struct silt_metrics *metrics, enum silt_metrics_counter counter, uint64_t amount)
{
    atomic_fetch_add_explicit(&metrics->counters[counter], amount, memory_order_relaxed);
}

void silt_metrics_time(struct silt_metrics *metrics, enum silt_metrics_duration duration,
                       uint64_t microseconds)
{
    struct histogram *histogram = &metrics->durations[duration];
    size_t bucket = 0;
    while (bucket < BOUNDS && microseconds > bounds[bucket])
        bucket++;
    atomic_fetch_add_explicit(&histogram->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum, microseconds, memory_order_relaxed);
}

uint64_t silt_metrics_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void print_heading(struct silt_response *response, const char *metric, const char *help,
                          const char *type)
{
    silt_response_print(response, "# HELP %s %s\n# TYPE %s %s\n", metric, help, metric, type);
}

static void print_counters(struct silt_metrics *metrics, struct silt_response *response)
{
    for (size_t i = 0; i < SILT_METRICS_COUNTERS; i++) {
        const struct row *row = &counter_rows[i];
        uint64_t value = atomic_load_explicit(&metrics->counters[i], memory_order_relaxed);
        if (row->help[0] != '\0')
            print_heading(response, row->metric, row->help, "counter");
        bool has_labels = row->labels[0] != '\0';
        silt_response_print(response, "%s%s%s%s %" PRIu64 "\n", row->metric, has_labels ? "{" : "",
                            row->labels, has_labels ? "}" : "", value);
    }
}

static void print_histogram(const struct row *row, struct histogram *histogram,
                            struct silt_response *response)
{
    uint64_t count = 0;
    print_heading(response, row->metric, row->help, "histogram");
    for (size_t i = 0; i <= BOUNDS; i++) {
        count += atomic_load_explicit(&histogram->buckets[i], memory_order_relaxed);
        if (i < BOUNDS)
            silt_response_print(response, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", row->metric,
                                (double)bounds[i] / 1e6, count);
        else
            silt_response_print(response, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", row->metric, count);
    }
    silt_response_print(response, "%s_sum %.6f\n%s_count %" PRIu64 "\n", row->metric,
                        (double)atomic_load_explicit(&histogram->sum, memory_order_relaxed) / 1e6,
                        row->metric, count);
}

static void print_gauge(struct silt_response *response, const char *metric, const char *help, uint64_t value)
{
    print_heading(response, metric, help, "gauge");
    silt_response_print(response, "%s %" PRIu64 "\n", metric, value);
}

/* Resident memory of this process, as the kernel counts it. */
static uint64_t measure_memory(void)
{
    uint64_t total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%" SCNu64 " %" SCNu64, &total, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * 4096;
}

static void print_queue(struct silt_queue *queue, struct silt_response *response)
{
    struct silt_queue_counts counts;
    if (queue->kind->count(queue, &counts, NULL) != SILT_OK)
        return;
    print_heading(response, "silt_jobs", "Jobs of the queue, by state.", "gauge");
    for (int i = 0; i < SILT_JOB_STATES; i++)
        silt_response_print(response, "silt_jobs{state=\"%s\"} %" PRIu64 "\n",
                            silt_job_state_name((enum silt_job_state)i), counts.jobs[i]);
    print_heading(response, "silt_queue_oldest_seconds", "Age of the job that has waited for longest.",
                  "gauge");
    silt_response_print(response, "silt_queue_oldest_seconds %.3f\n", (double)counts.oldest_age_ms / 1000);
}

static void print_store(struct silt_store *store, struct silt_response *response)
{
    struct silt_store_stats stats;
    if (silt_store_stats(store, &stats, NULL) != SILT_OK)
        return;
    print_gauge(response, "silt_images", "Images whose results are kept.", stats.images);
    print_heading(response, "silt_findings", "Findings that are kept, by state and severity.", "gauge");
    for (int state = 0; state < SILT_STORE_STATES; state++)
        for (int i = 0; i < SILT_RESULTS_SEVERITIES; i++)
            silt_response_print(response, "silt_findings{state=\"%s\",severity=\"%s\"} %" PRIu64 "\n",
                                silt_store_state_name((enum silt_store_state)state),
                                silt_severity_name((enum silt_severity)i), stats.findings[state][i]);
}

void silt_metrics_answer(const struct silt_context *context, const struct silt_request *request,
                         struct silt_response *response)
{
    (void)request;
    response->type = "text/plain; version=0.0.4; charset=utf-8";
    print_counters(context->metrics, response);
    for (size_t i = 0; i < SILT_METRICS_DURATIONS; i++)
        print_histogram(&duration_rows[i], &context->metrics->durations[i], response);
    print_queue(context->queue, response);
    print_store(context->store, response);
    print_gauge(response, "silt_resident_memory_bytes", "Memory of this process.", measure_memory());
}
