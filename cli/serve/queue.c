/*
 * queue.c: what all kinds of queue share: their list, names, backoff.
 */
#include "serve/queue.h"

#include <stdio.h>
#include <string.h>

#define SILT_QUEUE(name, note) extern const struct silt_queue_kind silt_##name##_queue;
#include "serve/queues.def"
#undef SILT_QUEUE

static const struct silt_queue_kind *const kinds[] = {
#define SILT_QUEUE(name, note) &silt_##name##_queue,
#include "serve/queues.def"
#undef SILT_QUEUE
};

const struct silt_queue_kind *silt_queue_kind_at(size_t index)
{
    return kinds[index];
}

size_t silt_queue_kind_count(void)
{
    return sizeof kinds / sizeof *kinds;
}

enum silt_status silt_queue_open(const struct silt_queue_settings *settings, struct silt_queue **out,
                                 struct silt_error *error)
{
    const char *name = settings->url != NULL ? "nats" : "sqlite";
    for (size_t i = 0; i < silt_queue_kind_count(); i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i]->open(settings, out, error);
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "this silt was built without the queue '%s'", name);
    return SILT_ERR_UNSUPPORTED;
}

uint64_t silt_queue_backoff_ms(unsigned attempts)
{
    enum { FIRST_MS = 10 * 1000, MOST_MS = 60 * 60 * 1000, MOST_DOUBLINGS = 9 };
    unsigned doublings = attempts > 0 ? attempts - 1 : 0;
    if (doublings >= MOST_DOUBLINGS)
        return MOST_MS;
    return (uint64_t)FIRST_MS << doublings;
}

void silt_queue_free(struct silt_queue *queue)
{
    if (queue != NULL)
        queue->kind->free(queue);
}

const char *silt_job_state_name(enum silt_job_state state)
{
    static const char *const names[SILT_JOB_STATES] = {"waiting", "running", "done", "dead"};
    return names[state];
}

void silt_job_clear(struct silt_job *job)
{
    silt_stash_clear(&job->stash);
    *job = (struct silt_job){0};
}
