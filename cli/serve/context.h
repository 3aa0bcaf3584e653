/*
 * context.h: what handlers, workers and announcers are given: the parts of a running service.
 *
 * It is made once, at start, and shared by all threads; it does not change while the service runs. Each part
 * says itself what of it may be called from several threads: all of store and queue may.
 */
#ifndef SILT_CLI_SERVE_CONTEXT_H
#define SILT_CLI_SERVE_CONTEXT_H

#include <silt/signatures.h>
#include <stdint.h>

struct silt_settings; /* settings.h: what was configured */
struct silt_store;    /* store.h: images, layers, findings */
struct silt_queue;    /* queue.h: jobs */
struct silt_intake;   /* intake.h: from pushes to jobs */
struct silt_metrics;  /* metrics.h: what /metrics counts */

struct silt_context {
    const struct silt_settings *settings;
    struct silt_store *store;
    struct silt_queue *queue;
    struct silt_intake *intake;
    struct silt_metrics *metrics;
    const struct silt_signatures *signatures;
    int64_t (*now)(void); /* seconds since 1970; a test puts its own here */
};

#endif
