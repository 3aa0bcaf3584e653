/*
 * rounds.c: leader and followers: a list, a flag, a condition.
 */
#include "serve/queue/rounds.h"

#include <stddef.h>

void silt_rounds_init(struct silt_rounds *rounds)
{
    *rounds = (struct silt_rounds){.end = &rounds->first};
    pthread_mutex_init(&rounds->mutex, NULL);
    pthread_cond_init(&rounds->progress, NULL);
}

void silt_rounds_clear(struct silt_rounds *rounds)
{
    pthread_cond_destroy(&rounds->progress);
    pthread_mutex_destroy(&rounds->mutex);
}

/* An item is its caller's, who may go as soon as it is done: so the next one is read before. */
static void finish(struct silt_rounds_item *items)
{
    while (items != NULL) {
        struct silt_rounds_item *next = items->next;
        items->is_done = true;
        items = next;
    }
}

void silt_rounds_do(struct silt_rounds *rounds, struct silt_rounds_item *item,
                    void (*work)(void *context, struct silt_rounds_item *items), void *context)
{
    pthread_mutex_lock(&rounds->mutex);
    item->next = NULL;
    item->is_done = false;
    *rounds->end = item;
    rounds->end = &item->next;
    while (rounds->is_busy && !item->is_done)
        pthread_cond_wait(&rounds->progress, &rounds->mutex);
    if (!item->is_done) {
        struct silt_rounds_item *items = rounds->first;
        rounds->first = NULL;
        rounds->end = &rounds->first;
        rounds->is_busy = true;
        pthread_mutex_unlock(&rounds->mutex);
        work(context, items);
        pthread_mutex_lock(&rounds->mutex);
        finish(items);
        rounds->is_busy = false;
        pthread_cond_broadcast(&rounds->progress);
    }
    pthread_mutex_unlock(&rounds->mutex);
}
