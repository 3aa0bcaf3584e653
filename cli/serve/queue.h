/*
 * queue.h: what is to be scanned: jobs that survive every way to die, each held by one worker at a time.
 *
 * A job is one image of a registry. There is at most one live job (WAITING or RUNNING) for a registry,
 * repository and digest: a put of the same joins it. A put is on the disk before it answers. Who takes a job
 * holds it for a while (the lease) and extends that while it works; a holder that dies just lets the lease
 * run out, and the job comes back. So a job may be worked on twice, never lost: what is done with it must not
 * mind, and does not, because silt_store_put_scan keeps a result once however often it is put.
 *
 * The order of a worker: take, scan (extend now and then), silt_store_put_scan, done.
 *
 * A queue is one struct of functions with several implementations (queues.def). All functions but free may be
 * called from several threads at once, and several processes may use one queue. Times are milliseconds since
 * 1970.
 */
#ifndef SILT_CLI_SERVE_QUEUE_H
#define SILT_CLI_SERVE_QUEUE_H

#include "stash.h"

#include <silt/status.h>
#include <stdbool.h>
#include <stdint.h>

enum silt_job_state {
    SILT_JOB_WAITING, /* to be taken, perhaps not before a time */
    SILT_JOB_RUNNING, /* held by a worker */
    SILT_JOB_DONE,    /* kept for a while, to be looked at */
    SILT_JOB_DEAD,    /* given up, with a reason; silt_queue_revive makes it wait again */
};
enum { SILT_JOB_STATES = SILT_JOB_DEAD + 1 };

/* For a put: registry to pushed_ms, borrowed; strings are never NULL. From the queue: everything. */
struct silt_job {
    const char *registry;   /* host, as the settings have it */
    const char *repository; /* "team/app" */
    const char *digest;     /* "sha256:…"; "" where only the tag is known: then the tag tells jobs apart */
    const char *tag;        /* "" if there is none; from the queue all that joined, with a blank between */
    const char *origin;     /* who asked: a dialect's name, "api", "sweep" */
    const char *delivery;  /* the sender's id of the notification, "" if none: one known is never put twice */
    int64_t not_before_ms; /* 0: at once */
    int64_t pushed_ms;     /* when it was pushed, as the sender says; 0: unknown, taken for now */

    const char *id;     /* for people and the API: decimal digits */
    const char *reason; /* why it last failed, "" if it did not */
    unsigned attempts;  /* how often it was taken, this time included */
    int64_t created_ms; /* when it was first put */
    int64_t changed_ms; /* when its state last changed */
    enum silt_job_state state;
    const char *tag_times;   /* for each of the tags when it was pushed, with a blank between */
    const char *lease;       /* what shows that this holder holds it; "" where it was only looked at */
    struct silt_stash stash; /* owns the strings of a job that came from the queue */
};

/* Frees a job that came from the queue. */
void silt_job_clear(struct silt_job *job);

/* "waiting", "running", "done", "dead"; never NULL. */
const char *silt_job_state_name(enum silt_job_state state);

enum silt_queue_answer {
    SILT_QUEUE_QUEUED,   /* a new job waits */
    SILT_QUEUE_JOINED,   /* there was a live job for it, or the delivery is known */
    SILT_QUEUE_FULL,     /* too many jobs wait: nothing was kept (the call answers LIMIT); HTTP 429 */
    SILT_QUEUE_NO_SPACE, /* the disk is full: nothing was kept (the call answers IO); HTTP 429 or 507 */
    SILT_QUEUE_FAILED,   /* nothing was kept for another reason, which the error tells */
};

struct silt_queue_receipt {
    enum silt_queue_answer answer;
    char id[24]; /* of the job; "" where nothing was kept */
};

/* How many jobs of a registry may run at once; others have no bound. */
struct silt_queue_share {
    const char *registry;
    unsigned most;
};

struct silt_queue_settings {
    const char *path;                     /* the SQLite file; NULL for other kinds */
    const char *url;                      /* nats://…; NULL for other kinds */
    const struct silt_queue_share *share; /* copied */
    size_t share_count;
    unsigned max_waiting;    /* above: FULL */
    unsigned max_attempts;   /* then a job is DEAD */
    uint64_t lease_ms;       /* how long a job is held without a word of its holder */
    uint64_t keep_ms;        /* how long DONE and DEAD jobs and the ids of deliveries are kept */
    int64_t (*now_ms)(void); /* NULL: the machine's clock; a test puts its own here */
};

struct silt_queue_counts {
    uint64_t jobs[SILT_JOB_STATES];
    uint64_t due;          /* of those waiting, how many could be taken now */
    int64_t oldest_age_ms; /* since the oldest waiting job was put; 0 if none waits */
    uint64_t put, joined;  /* since the queue was opened by this process */
};

/* Which jobs to list, newest id first. Zero-initialise, then set `limit`. */
struct silt_queue_filter {
    bool has_state;
    enum silt_job_state state;
    const char *registry, *repository; /* NULL: all */
    const char *before;                /* only ids below this one: the last of the page before; NULL: all */
    unsigned limit;
};

/* How a job failed. */
struct silt_queue_failure {
    const char *reason;
    uint64_t retry_after_ms; /* what the registry asked for; 0: the queue's own backoff, longer each time */
    bool is_final;           /* no further attempt can help: DEAD at once */
};

struct silt_queue;

struct silt_queue_kind {
    const char *name; /* "sqlite", "nats" */
    /* Makes what is missing, and takes up what is there. */
    enum silt_status (*open)(const struct silt_queue_settings *settings, struct silt_queue **out,
                             struct silt_error *error);
    /* Durable when it answers OK (QUEUED, JOINED). LIMIT: FULL. IO: NO_SPACE or FAILED. */
    enum silt_status (*put)(struct silt_queue *queue, const struct silt_job *job,
                            struct silt_queue_receipt *receipt, struct silt_error *error);
    /* The job that has waited for longest of those that may run now, which the caller then holds; waits up to
     * `wait_ms` for one. END: none. */
    enum silt_status (*take)(struct silt_queue *queue, uint64_t wait_ms, struct silt_job *out,
                             struct silt_error *error);
    /* The following four are for the holder, and answer NOT_FOUND if it no longer is: the lease ran out, and
     * the job may be another's. Then there is nothing to do but to drop it. */
    enum silt_status (*extend)(struct silt_queue *queue, const struct silt_job *job,
                               struct silt_error *error);
    enum silt_status (*done)(struct silt_queue *queue, const struct silt_job *job, struct silt_error *error);
    enum silt_status (*fail)(struct silt_queue *queue, const struct silt_job *job,
                             const struct silt_queue_failure *failure, struct silt_error *error);
    /* Gives it back as if it had not been taken: the service ends. */
    enum silt_status (*release)(struct silt_queue *queue, const struct silt_job *job,
                                struct silt_error *error);
    /* Wakes all who wait in take; they answer END, and so does every take from now on. */
    void (*stop)(struct silt_queue *queue);
    enum silt_status (*count)(struct silt_queue *queue, struct silt_queue_counts *out,
                              struct silt_error *error);
    /* Calls `each` with borrowed jobs; it answers false to end. It must not call the queue. */
    enum silt_status (*list)(struct silt_queue *queue, const struct silt_queue_filter *filter,
                             bool (*each)(void *context, const struct silt_job *job), void *context,
                             struct silt_error *error);
    /* A job by its id; NOT_FOUND. */
    enum silt_status (*find)(struct silt_queue *queue, const char *id, struct silt_job *out,
                             struct silt_error *error);
    /* Makes a DEAD job wait again, with all its attempts before it; NOT_FOUND if it is not dead. */
    enum silt_status (*revive)(struct silt_queue *queue, const char *id, struct silt_error *error);
    /* When nobody uses it any more. Jobs that are held stay so until their leases run out. */
    void (*free)(struct silt_queue *queue);
};

/* First member of every kind of queue. */
struct silt_queue {
    const struct silt_queue_kind *kind;
};

/* The kind for the settings: NATS where there is a URL, else SQLite. */
SILT_MUST_USE enum silt_status silt_queue_open(const struct silt_queue_settings *settings,
                                               struct silt_queue **out, struct silt_error *error);

/* The kinds in the order of queues.def, and their number. */
const struct silt_queue_kind *silt_queue_kind_at(size_t index);
size_t silt_queue_kind_count(void);

/* How long the queue waits before it tries again by itself, after so many attempts: 10 s, 20 s, … at most an
 * hour. */
uint64_t silt_queue_backoff_ms(unsigned attempts);

/* Frees a queue; NULL is allowed. */
void silt_queue_free(struct silt_queue *queue);

#endif
