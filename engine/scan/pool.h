/*
 * pool.h: jobs on worker threads, while the calling thread keeps the time.
 */
#ifndef SILT_SCAN_POOL_H
#define SILT_SCAN_POOL_H

#include "scan/worker.h"

/* One piece of work. `run` is called once, on some worker thread. A failure stops the pool. */
struct silt_job {
    enum silt_status (*run)(void *context, struct silt_worker *worker, struct silt_error *error);
    void *context;
};

struct silt_pool {
    struct silt_scan *scan;
    void (*tick)(void *context); /* on the calling thread, about ten times a second; may be NULL */
    void *tick_context;
};

/* Runs jobs in order on up to options.jobs threads (0: one a processor) and waits for all. Answers the first
 * failure of a job; jobs behind it are not begun. */
SILT_MUST_USE enum silt_status silt_pool_run(const struct silt_pool *pool, const struct silt_job *jobs,
                                             size_t count, struct silt_error *error);

/* How many threads options.jobs stands for. */
unsigned silt_pool_size(const struct silt_scan_options *options);

#endif
