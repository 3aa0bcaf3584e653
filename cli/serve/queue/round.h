/*
 * round.h: calls of several threads, done together by one of them.
 *
 * Who comes while nobody works begins at once; who comes while somebody works is done with all the others
 * that came, in the next round, by one of these. So one caller alone never waits for others, and a burst of
 * 2,000 that each would wait for the disk waits for it a few times.
 */
#ifndef SILT_CLI_SERVE_QUEUE_ROUND_H
#define SILT_CLI_SERVE_QUEUE_ROUND_H

#include <pthread.h>
#include <stdbool.h>

/* First member of what a caller wants done. */
struct silt_round_item {
    struct silt_round_item *next;
    bool is_done;
};

struct silt_round {
    pthread_mutex_t mutex;
    pthread_cond_t progress;
    struct silt_round_item *first, **end; /* those that wait for the next round */
    bool is_busy;                         /* a round is under way */
};

/* Makes it fit for use, and frees it. */
void silt_round_init(struct silt_round *round);
void silt_round_clear(struct silt_round *round);

/* Returns when `work` was called, here or in another thread, with a list that has this item in it. */
void silt_round_do(struct silt_round *round, struct silt_round_item *item,
                   void (*work)(void *context, struct silt_round_item *items), void *context);

#endif
