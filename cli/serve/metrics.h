/*
 * metrics.h: counting what the service does, and telling it in Prometheus' text format. Thread-safe.
 */
#ifndef SILT_CLI_SERVE_METRICS_H
#define SILT_CLI_SERVE_METRICS_H

#include "serve/route.h"

#include <stdint.h>

/* SILT_METRICS_… of metrics.def. */
enum silt_metrics_counter {
#define SILT_COUNTER(name, metric, labels, help) SILT_METRICS_##name,
#define SILT_DURATION(name, metric, help)
#include "serve/metrics.def"
#undef SILT_COUNTER
#undef SILT_DURATION
    SILT_METRICS_COUNTERS
};

enum silt_metrics_duration {
#define SILT_COUNTER(name, metric, labels, help)
#define SILT_DURATION(name, metric, help) SILT_METRICS_##name,
#include "serve/metrics.def"
#undef SILT_COUNTER
#undef SILT_DURATION
    SILT_METRICS_DURATIONS
};

struct silt_metrics;

/* All zero; NULL when memory is out. */
struct silt_metrics *silt_metrics_new(void);
void silt_metrics_free(struct silt_metrics *metrics);

/* Adds to a counter. */
void silt_metrics_add(struct silt_metrics *metrics, enum silt_metrics_counter counter, uint64_t amount);

/* Takes one duration into its histogram. */
void silt_metrics_time(struct silt_metrics *metrics, enum silt_metrics_duration duration,
                       uint64_t microseconds);

/* A monotonic clock for durations. */
uint64_t silt_metrics_now(void);

/* GET /metrics. */
silt_route_answer silt_metrics_answer;

#endif
