/*
 * gather.c: leader and followers: a list, a flag, a condition.
 */
#include "serve/queue/gather.h"

#include <stddef.h>

void silt_gather_init(struct silt_gather *gather)
{
    *gather = (struct silt_gather){.end = &gather->first};
    pthread_mutex_init(&gather->mutex, NULL);
    pthread_cond_init(&gather->progress, NULL);
}

void silt_gather_clear(struct silt_gather *gather)
{
    pthread_cond_destroy(&gather->progress);
    pthread_mutex_destroy(&gather->mutex);
}

/* An item is its caller's, who may go as soon as it is done: so the next one is read before. */
static void finish(struct silt_gather_item *items)
{
    while (items != NULL) {
        struct silt_gather_item *next = items->next;
        items->is_done = true;
        items = next;
    }
}

void silt_gather_do(struct silt_gather *gather, struct silt_gather_item *item,
                    void (*work)(void *context, struct silt_gather_item *items), void *context)
{
    pthread_mutex_lock(&gather->mutex);
    item->next = NULL;
    item->is_done = false;
    *gather->end = item;
    gather->end = &item->next;
    while (gather->is_busy && !item->is_done)
        pthread_cond_wait(&gather->progress, &gather->mutex);
    if (!item->is_done) {
        struct silt_gather_item *items = gather->first;
        gather->first = NULL;
        gather->end = &gather->first;
        gather->is_busy = true;
        pthread_mutex_unlock(&gather->mutex);
        work(context, items);
        pthread_mutex_lock(&gather->mutex);
        finish(items);
        gather->is_busy = false;
        pthread_cond_broadcast(&gather->progress);
    }
    pthread_mutex_unlock(&gather->mutex);
}
