/*
 * rounds.h: calls of several threads, done together by one of them.
 *
 * Who comes while nobody works begins at once; who comes while somebody works is done with all the others
 * that came, in the next round, by one of these. So one caller alone never waits for others, and a burst of
 * 2,000 that each would wait for the disk waits for it a few times.
 */
#ifndef SILT_CLI_SERVE_QUEUE_ROUNDS_H
#define SILT_CLI_SERVE_QUEUE_ROUNDS_H

#include <pthread.h>
#include <stdbool.h>

/* First member of what a caller wants done. */
struct silt_rounds_item {
    struct silt_rounds_item *next;
    bool is_done;
};

struct silt_rounds {
    pthread_mutex_t mutex;
    pthread_cond_t progress;
    struct silt_rounds_item *first, **end; /* those that wait for the next round */
    bool is_busy;                          /* a round is under way */
};

/* Makes it fit for use, and frees it. */
void silt_rounds_init(struct silt_rounds *rounds);
void silt_rounds_clear(struct silt_rounds *rounds);

/* Returns when `work` was called, here or in another thread, with a list that has this item in it. */
void silt_rounds_do(struct silt_rounds *rounds, struct silt_rounds_item *item,
                    void (*work)(void *context, struct silt_rounds_item *items), void *context);

#endif
