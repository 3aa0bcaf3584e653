/*
 * sqlite.c: the queue of one machine: a connection that writes, one that reads, and a condition that wakes
 * those who wait for jobs. Other processes may use the file as well: who waits also looks now and then.
 */
#include "serve/queue/jobs.h"
#include "serve/queue/rounds.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOOK_MS = 200, PRUNE_MS = 60 * 1000 };

extern const struct silt_queue_kind silt_sqlite_queue;

struct queue {
    struct silt_queue base;
    struct silt_queue_settings settings; /* without what it borrowed */
    struct silt_sql *writer, *reader;
    struct silt_rounds puts;
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t stirred;
    uint64_t stirs; /* grows when there may be something to take */
    bool is_stopped;
    int64_t pruned_ms;
    uint64_t put, joined;
};

/* A put on its way. */
struct put {
    struct silt_rounds_item item;
    const struct silt_job *job;
    struct silt_queue_receipt *receipt;
    struct silt_error *error;
    enum silt_status status;
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct silt_jobs jobs_of(const struct queue *queue, struct silt_sql *sql)
{
    return (struct silt_jobs){sql, &queue->settings, queue->settings.now_ms()};
}

static void stir(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->stirs++;
    pthread_cond_broadcast(&queue->stirred);
    pthread_mutex_unlock(&queue->mutex);
}

static enum silt_status open_both(struct queue *queue, const struct silt_queue_settings *settings,
                                  struct silt_error *error)
{
    enum silt_status status = silt_sql_open(settings->path, &queue->writer, error);
    if (status == SILT_OK)
        status = silt_jobs_open(queue->writer, settings, error);
    return status == SILT_OK ? silt_sql_open(settings->path, &queue->reader, error) : status;
}

static void sqlite_free(struct silt_queue *base)
{
    struct queue *queue = (struct queue *)base;
    silt_sql_close(queue->reader);
    silt_sql_close(queue->writer);
    silt_rounds_clear(&queue->puts);
    pthread_cond_destroy(&queue->stirred);
    pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

static enum silt_status sqlite_open(const struct silt_queue_settings *settings, struct silt_queue **out,
                                    struct silt_error *error)
{
    struct queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return SILT_ERR_MEMORY;
    queue->base.kind = &silt_sqlite_queue;
    queue->settings = *settings;
    queue->settings.path = queue->settings.url = NULL;
    queue->settings.share = NULL;
    queue->settings.share_count = 0;
    if (queue->settings.now_ms == NULL)
        queue->settings.now_ms = clock_ms;
    silt_rounds_init(&queue->puts);
    pthread_mutex_init(&queue->mutex, NULL);
    init_condition(&queue->stirred);
    enum silt_status status = open_both(queue, settings, error);
    if (status == SILT_OK)
        *out = &queue->base;
    else
        sqlite_free(&queue->base);
    return status;
}

/* A round of puts: they all get in, or none. */
static enum silt_status put_all(struct queue *queue, struct silt_rounds_item *items, struct silt_error *error)
{
    enum silt_status status = silt_sql_begin(queue->writer, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->writer);
    for (struct silt_rounds_item *item = items; item != NULL && status == SILT_OK; item = item->next) {
        struct put *put = (struct put *)item;
        status = silt_jobs_put(&jobs, put->job, put->receipt, error);
    }
    return silt_sql_end(queue->writer, status, error);
}

static void refuse(struct put *put, enum silt_status status, bool is_full, const struct silt_error *error)
{
    put->status = status;
    if (put->error != NULL)
        *put->error = *error;
    *put->receipt = (struct silt_queue_receipt){.answer = is_full ? SILT_QUEUE_NO_SPACE : SILT_QUEUE_FAILED};
}

static void work(void *context, struct silt_rounds_item *items)
{
    struct queue *queue = context;
    struct silt_error error = {0};
    enum silt_status status = put_all(queue, items, &error);
    for (struct silt_rounds_item *item = items; item != NULL; item = item->next) {
        struct put *put = (struct put *)item;
        if (status != SILT_OK)
            refuse(put, status, silt_sql_is_full(queue->writer), &error);
        else if (put->receipt->answer == SILT_QUEUE_FULL)
            put->status = SILT_ERR_LIMIT;
    }
}

static enum silt_status sqlite_put(struct silt_queue *base, const struct silt_job *job,
                                   struct silt_queue_receipt *receipt, struct silt_error *error)
{
    struct queue *queue = (struct queue *)base;
    struct put put = {.job = job, .receipt = receipt, .error = error};
    *receipt = (struct silt_queue_receipt){0};
    silt_rounds_do(&queue->puts, &put.item, work, queue);
    if (put.status == SILT_ERR_LIMIT && receipt->answer == SILT_QUEUE_FULL && error != NULL)
        snprintf(error->message, sizeof error->message, "%u jobs wait: the queue is full, try again later",
                 queue->settings.max_waiting);
    if (put.status != SILT_OK)
        return put.status;
    pthread_mutex_lock(&queue->mutex);
    queue->put += receipt->answer == SILT_QUEUE_QUEUED;
    queue->joined += receipt->answer == SILT_QUEUE_JOINED;
    pthread_mutex_unlock(&queue->mutex);
    stir(queue);
    return SILT_OK;
}

/* Whether it is time to forget what is old. */
static bool is_time_to_prune(struct queue *queue, int64_t now_ms)
{
    pthread_mutex_lock(&queue->mutex);
    bool is_time = now_ms - queue->pruned_ms >= PRUNE_MS;
    if (is_time)
        queue->pruned_ms = now_ms;
    pthread_mutex_unlock(&queue->mutex);
    return is_time;
}

static enum silt_status look(struct queue *queue, bool *is_due, struct silt_error *error)
{
    enum silt_status status = silt_sql_begin_reading(queue->reader, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->reader);
    return silt_sql_end(queue->reader, silt_jobs_is_due(&jobs, is_due, error), error);
}

/* Takes one if there is one. Who only looks writes nothing. */
static enum silt_status try_take(struct queue *queue, struct silt_job *out, struct silt_error *error)
{
    bool is_due = false;
    enum silt_status status = look(queue, &is_due, error);
    if (status != SILT_OK || !is_due)
        return status == SILT_OK ? SILT_END : status;
    status = silt_sql_begin(queue->writer, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->writer);
    if (is_time_to_prune(queue, jobs.now_ms))
        status = silt_jobs_prune(&jobs, error);
    if (status == SILT_OK)
        status = silt_jobs_take(&jobs, out, error);
    enum silt_status ended = silt_sql_end(queue->writer, status, error);
    if (status == SILT_OK && ended != SILT_OK)
        silt_job_clear(out);
    return ended;
}

static struct timespec after(struct timespec time, uint64_t ms)
{
    uint64_t nanoseconds = (uint64_t)time.tv_nsec + ms % 1000 * 1000000;
    time.tv_sec += (time_t)(ms / 1000 + nanoseconds / 1000000000);
    time.tv_nsec = (long)(nanoseconds % 1000000000);
    return time;
}

static bool is_before(const struct timespec *one, const struct timespec *other)
{
    return one->tv_sec != other->tv_sec ? one->tv_sec < other->tv_sec : one->tv_nsec < other->tv_nsec;
}

/* Waits until something stirs, for a short while at most; false when the time or the queue is over. */
static bool wait_for_stir(struct queue *queue, uint64_t stirs, const struct timespec *end)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct timespec until = after(now, LOOK_MS);
    if (is_before(end, &until))
        until = *end;
    bool goes_on = is_before(&now, end);
    pthread_mutex_lock(&queue->mutex);
    int code = 0;
    while (goes_on && !queue->is_stopped && queue->stirs == stirs && code == 0)
        code = pthread_cond_timedwait(&queue->stirred, &queue->mutex, &until);
    goes_on = goes_on && !queue->is_stopped;
    pthread_mutex_unlock(&queue->mutex);
    return goes_on;
}

static enum silt_status sqlite_take(struct silt_queue *base, uint64_t wait_ms, struct silt_job *out,
                                    struct silt_error *error)
{
    struct queue *queue = (struct queue *)base;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end = after(end, wait_ms);
    *out = (struct silt_job){0};
    enum silt_status status;
    uint64_t stirs;
    do {
        pthread_mutex_lock(&queue->mutex);
        stirs = queue->stirs;
        bool is_stopped = queue->is_stopped;
        pthread_mutex_unlock(&queue->mutex);
        status = is_stopped ? SILT_END : try_take(queue, out, error);
    } while (status == SILT_END && wait_for_stir(queue, stirs, &end));
    return status;
}

typedef enum silt_status held_act(const struct silt_jobs *jobs, const struct silt_job *job,
                                  struct silt_error *error);

static enum silt_status act(struct silt_queue *base, const struct silt_job *job, held_act *act_on,
                            struct silt_error *error)
{
    struct queue *queue = (struct queue *)base;
    enum silt_status status = silt_sql_begin(queue->writer, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->writer);
    status = silt_sql_end(queue->writer, act_on(&jobs, job, error), error);
    stir(queue);
    return status;
}

static enum silt_status sqlite_extend(struct silt_queue *base, const struct silt_job *job,
                                      struct silt_error *error)
{
    return act(base, job, silt_jobs_extend, error);
}

static enum silt_status sqlite_done(struct silt_queue *base, const struct silt_job *job,
                                    struct silt_error *error)
{
    return act(base, job, silt_jobs_done, error);
}

static enum silt_status sqlite_release(struct silt_queue *base, const struct silt_job *job,
                                       struct silt_error *error)
{
    return act(base, job, silt_jobs_release, error);
}

static enum silt_status sqlite_fail(struct silt_queue *base, const struct silt_job *job,
                                    const struct silt_queue_failure *failure, struct silt_error *error)
{
    struct queue *queue = (struct queue *)base;
    enum silt_status status = silt_sql_begin(queue->writer, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->writer);
    status = silt_sql_end(queue->writer, silt_jobs_fail(&jobs, job, failure, error), error);
    stir(queue);
    return status;
}

static void sqlite_stop(struct silt_queue *base)
{
    struct queue *queue = (struct queue *)base;
    pthread_mutex_lock(&queue->mutex);
    queue->is_stopped = true;
    pthread_cond_broadcast(&queue->stirred);
    pthread_mutex_unlock(&queue->mutex);
}

static enum silt_status sqlite_count(struct silt_queue *base, struct silt_queue_counts *out,
                                     struct silt_error *error)
{
    struct queue *queue = (struct queue *)base;
    *out = (struct silt_queue_counts){0};
    enum silt_status status = silt_sql_begin_reading(queue->reader, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->reader);
    status = silt_sql_end(queue->reader, silt_jobs_count(&jobs, out, error), error);
    pthread_mutex_lock(&queue->mutex);
    out->put = queue->put;
    out->joined = queue->joined;
    pthread_mutex_unlock(&queue->mutex);
    return status;
}

static enum silt_status sqlite_list(struct silt_queue *base, const struct silt_queue_filter *filter,
                                    bool (*each)(void *context, const struct silt_job *job), void *context,
                                    struct silt_error *error)
{
    struct queue *queue = (struct queue *)base;
    enum silt_status status = silt_sql_begin_reading(queue->reader, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->reader);
    return silt_sql_end(queue->reader, silt_jobs_list(&jobs, filter, each, context, error), error);
}

static enum silt_status sqlite_find(struct silt_queue *base, const char *id, struct silt_job *out,
                                    struct silt_error *error)
{
    struct queue *queue = (struct queue *)base;
    enum silt_status status = silt_sql_begin_reading(queue->reader, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->reader);
    return silt_sql_end(queue->reader, silt_jobs_find(&jobs, strtoll(id, NULL, 10), out, error), error);
}

static enum silt_status sqlite_revive(struct silt_queue *base, const char *id, struct silt_error *error)
{
    struct queue *queue = (struct queue *)base;
    enum silt_status status = silt_sql_begin(queue->writer, error);
    if (status != SILT_OK)
        return status;
    struct silt_jobs jobs = jobs_of(queue, queue->writer);
    status = silt_sql_end(queue->writer, silt_jobs_revive(&jobs, strtoll(id, NULL, 10), error), error);
    stir(queue);
    return status;
}

const struct silt_queue_kind silt_sqlite_queue = {.name = "sqlite",
                                                  .open = sqlite_open,
                                                  .put = sqlite_put,
                                                  .take = sqlite_take,
                                                  .extend = sqlite_extend,
                                                  .done = sqlite_done,
                                                  .fail = sqlite_fail,
                                                  .release = sqlite_release,
                                                  .stop = sqlite_stop,
                                                  .count = sqlite_count,
                                                  .list = sqlite_list,
                                                  .find = sqlite_find,
                                                  .revive = sqlite_revive,
                                                  .free = sqlite_free};
