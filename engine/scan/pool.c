/*
 * pool.c: threads that take the next job from a shared counter.
 */
#include "scan/pool.h"

#include "base/error.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

enum { TICK_MS = 100, THREADS_MAX = 256 };

struct crew {
    const struct silt_pool *pool;
    const struct silt_job *jobs;
    size_t count;
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t changed;
    size_t next;
    unsigned active;
    enum silt_status status;
    struct silt_error error;
};

unsigned silt_pool_size(const struct silt_scan_options *options)
{
    if (options->jobs > 0)
        return options->jobs < THREADS_MAX ? options->jobs : THREADS_MAX;
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : (unsigned)count;
}

/* The next job, or NULL when there are none or one has failed. */
static const struct silt_job *take_job(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    const struct silt_job *job = NULL;
    if (crew->status == SILT_OK && crew->next < crew->count)
        job = &crew->jobs[crew->next++];
    pthread_mutex_unlock(&crew->mutex);
    return job;
}

static void put_failure(struct crew *crew, enum silt_status status, const struct silt_error *error)
{
    pthread_mutex_lock(&crew->mutex);
    if (crew->status == SILT_OK) {
        crew->status = status;
        crew->error = *error;
    }
    pthread_mutex_unlock(&crew->mutex);
}

static void work(struct crew *crew)
{
    struct silt_error error = {0};
    struct silt_worker *worker = NULL;
    enum silt_status status = silt_worker_new(crew->pool->scan, &worker, &error);
    const struct silt_job *job;
    while (status == SILT_OK && (job = take_job(crew)) != NULL)
        status = job->run(job->context, worker, &error);
    if (status != SILT_OK)
        put_failure(crew, status, &error);
    silt_worker_free(worker);
}

static void *work_thread(void *context)
{
    struct crew *crew = context;
    work(crew);
    pthread_mutex_lock(&crew->mutex);
    crew->active--;
    pthread_cond_signal(&crew->changed);
    pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

static void wait_and_tick(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    while (crew->active > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += TICK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&crew->changed, &crew->mutex, &until);
        pthread_mutex_unlock(&crew->mutex);
        if (crew->pool->tick != NULL)
            crew->pool->tick(crew->pool->tick_context);
        pthread_mutex_lock(&crew->mutex);
    }
    pthread_mutex_unlock(&crew->mutex);
}

static unsigned start_threads(struct crew *crew, pthread_t *threads, unsigned wanted)
{
    unsigned started = 0;
    pthread_mutex_lock(&crew->mutex);
    while (started < wanted && pthread_create(&threads[started], NULL, work_thread, crew) == 0)
        started++;
    crew->active = started;
    pthread_mutex_unlock(&crew->mutex);
    return started;
}

enum silt_status silt_pool_run(const struct silt_pool *pool, const struct silt_job *jobs, size_t count,
                               struct silt_error *error)
{
    if (count == 0)
        return SILT_OK;
    struct crew crew = {.pool = pool, .jobs = jobs, .count = count};
    pthread_mutex_init(&crew.mutex, NULL);
    pthread_cond_init(&crew.changed, NULL);
    unsigned wanted = silt_pool_size(pool->scan->options);
    if (wanted > count)
        wanted = (unsigned)count;
    pthread_t threads[THREADS_MAX];
    unsigned started = start_threads(&crew, threads, wanted);
    if (started == 0)
        work(&crew); /* no thread to be had: do it here */
    wait_and_tick(&crew);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&crew.changed);
    pthread_mutex_destroy(&crew.mutex);
    if (crew.status != SILT_OK && error != NULL)
        *error = crew.error;
    return crew.status;
}
