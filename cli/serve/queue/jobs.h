/*
 * jobs.h: the rows of jobs and deliveries, and how they change. Each function is a part of a transaction that
 * the caller began.
 */
#ifndef SILT_CLI_SERVE_QUEUE_JOBS_H
#define SILT_CLI_SERVE_QUEUE_JOBS_H

#include "serve/database/sql.h"
#include "serve/queue.h"

struct silt_jobs {
    struct silt_sql *sql;
    const struct silt_queue_settings *settings;
    int64_t now_ms;
};

/* Makes the tables, and notes for this connection how many jobs of a registry may run. Begins and ends its
 * own transactions. */
SILT_MUST_USE enum silt_status
silt_jobs_open(struct silt_sql *sql, const struct silt_queue_settings *settings, struct silt_error *error);

/* Puts a job, or joins it to the one that is there. A queue that is full is OK too: the receipt says so. */
SILT_MUST_USE enum silt_status silt_jobs_put(const struct silt_jobs *jobs, const struct silt_job *job,
                                             struct silt_queue_receipt *receipt, struct silt_error *error);

/* Whether something could be done by take. */
SILT_MUST_USE enum silt_status silt_jobs_is_due(const struct silt_jobs *jobs, bool *out,
                                                struct silt_error *error);

/* Takes back what is held for too long, then takes the next job; END. */
SILT_MUST_USE enum silt_status silt_jobs_take(const struct silt_jobs *jobs, struct silt_job *out,
                                              struct silt_error *error);

/* The holder's: NOT_FOUND if it no longer is. */
SILT_MUST_USE enum silt_status silt_jobs_extend(const struct silt_jobs *jobs, const struct silt_job *job,
                                                struct silt_error *error);
SILT_MUST_USE enum silt_status silt_jobs_done(const struct silt_jobs *jobs, const struct silt_job *job,
                                              struct silt_error *error);
SILT_MUST_USE enum silt_status silt_jobs_fail(const struct silt_jobs *jobs, const struct silt_job *job,
                                              const struct silt_queue_failure *failure,
                                              struct silt_error *error);
SILT_MUST_USE enum silt_status silt_jobs_release(const struct silt_jobs *jobs, const struct silt_job *job,
                                                 struct silt_error *error);

/* Makes a dead job wait; NOT_FOUND. */
SILT_MUST_USE enum silt_status silt_jobs_revive(const struct silt_jobs *jobs, int64_t id,
                                                struct silt_error *error);

/* Forgets what ended before `keep_ms`. */
SILT_MUST_USE enum silt_status silt_jobs_prune(const struct silt_jobs *jobs, struct silt_error *error);

/* Looking at them: all but put and joined of the counts. */
SILT_MUST_USE enum silt_status silt_jobs_count(const struct silt_jobs *jobs, struct silt_queue_counts *out,
                                               struct silt_error *error);
SILT_MUST_USE enum silt_status silt_jobs_list(const struct silt_jobs *jobs,
                                              const struct silt_queue_filter *filter,
                                              bool (*each)(void *context, const struct silt_job *job),
                                              void *context, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_jobs_find(const struct silt_jobs *jobs, int64_t id, struct silt_job *out,
                                              struct silt_error *error);

#endif
