/*
 * nats_inside.h: the queue on NATS from within.
 */
#ifndef SILT_CLI_SERVE_NATS_NATS_INSIDE_H
#define SILT_CLI_SERVE_NATS_NATS_INSIDE_H

#include "serve/nats/wire.h"
#include "serve/queue.h"

#include <pthread.h>

/* A job that this process holds. */
struct silt_nats_held {
    struct silt_nats_held *next;
    int64_t until_ms; /* by this machine's monotonic clock */
    char reply[];
};

struct silt_nats {
    struct silt_queue base;
    struct silt_wire *wire;
    uint64_t lease_ms;
    unsigned max_waiting, max_attempts;
    int64_t (*now_ms)(void);
    char (*registries)[300]; /* names of the consumers, one a registry */
    size_t registry_count;
    struct silt_stash stash; /* owns registries */
    pthread_mutex_t mutex;   /* guards all below */
    pthread_cond_t stopped;
    bool is_stopped;
    size_t turn; /* the registry to ask first next time */
    struct silt_nats_held *held;
    uint64_t put, joined;
};

/* Its functions (queue.h), by file: nats_take.c, nats_look.c. */
SILT_MUST_USE enum silt_status silt_nats_take(struct silt_queue *base, uint64_t wait_ms, struct silt_job *out,
                                              struct silt_error *error);
SILT_MUST_USE enum silt_status silt_nats_take_extend(struct silt_queue *base, const struct silt_job *job,
                                                     struct silt_error *error);
SILT_MUST_USE enum silt_status silt_nats_take_done(struct silt_queue *base, const struct silt_job *job,
                                                   struct silt_error *error);
SILT_MUST_USE enum silt_status silt_nats_take_fail(struct silt_queue *base, const struct silt_job *job,
                                                   const struct silt_queue_failure *failure,
                                                   struct silt_error *error);
SILT_MUST_USE enum silt_status silt_nats_take_release(struct silt_queue *base, const struct silt_job *job,
                                                      struct silt_error *error);
SILT_MUST_USE enum silt_status silt_nats_look_count(struct silt_queue *base, struct silt_queue_counts *out,
                                                    struct silt_error *error);
SILT_MUST_USE enum silt_status silt_nats_look_list(struct silt_queue *base,
                                                   const struct silt_queue_filter *filter,
                                                   bool (*each)(void *context, const struct silt_job *job),
                                                   void *context, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_nats_look_find(struct silt_queue *base, const char *id,
                                                   struct silt_job *out, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_nats_look_revive(struct silt_queue *base, const char *id,
                                                     struct silt_error *error);

/* Sends a job to a stream ("jobs", "later", "dead") as the message it becomes there. What is there already
 * stays, and that is OK. */
SILT_MUST_USE enum silt_status silt_nats_send(struct silt_nats *nats, const char *kind,
                                              const struct silt_job *job, enum silt_wire_answer *answer,
                                              uint64_t *sequence, struct silt_error *error);

#endif
