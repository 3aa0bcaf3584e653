/*
 * round.c: leader and followers: a list, a flag, a condition.
 */
#include "serve/queue/round.h"

#include <stddef.h>

void silt_round_init(struct silt_round *round)
{
    *round = (struct silt_round){.end = &round->first};
    pthread_mutex_init(&round->mutex, NULL);
    pthread_cond_init(&round->progress, NULL);
}

void silt_round_clear(struct silt_round *round)
{
    pthread_cond_destroy(&round->progress);
    pthread_mutex_destroy(&round->mutex);
}

/* An item is its caller's, who may go as soon as it is done: so the next one is read before. */
static void finish(struct silt_round_item *items)
{
    while (items != NULL) {
        struct silt_round_item *next = items->next;
        items->is_done = true;
        items = next;
    }
}

void silt_round_do(struct silt_round *round, struct silt_round_item *item,
                   void (*work)(void *context, struct silt_round_item *items), void *context)
{
    pthread_mutex_lock(&round->mutex);
    item->next = NULL;
    item->is_done = false;
    *round->end = item;
    round->end = &item->next;
    while (round->is_busy && !item->is_done)
        pthread_cond_wait(&round->progress, &round->mutex);
    if (!item->is_done) {
        struct silt_round_item *items = round->first;
        round->first = NULL;
        round->end = &round->first;
        round->is_busy = true;
        pthread_mutex_unlock(&round->mutex);
        work(context, items);
        pthread_mutex_lock(&round->mutex);
        finish(items);
        round->is_busy = false;
        pthread_cond_broadcast(&round->progress);
    }
    pthread_mutex_unlock(&round->mutex);
}
