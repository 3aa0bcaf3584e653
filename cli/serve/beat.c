/*
 * beat.c: a thread, a condition to wake it, and a flag.
 */
#include "serve/beat.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct silt_beat {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_ending;
    uint64_t pause_ms;
    void (*act)(void *context, struct silt_beat *beat);
    void *context;
};

bool silt_beat_is_ending(struct silt_beat *beat)
{
    pthread_mutex_lock(&beat->mutex);
    bool is_ending = beat->is_ending;
    pthread_mutex_unlock(&beat->mutex);
    return is_ending;
}

void silt_beat_wait(struct silt_beat *beat, uint64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    uint64_t nanoseconds = (uint64_t)until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += (time_t)(ms / 1000 + nanoseconds / 1000000000);
    until.tv_nsec = (long)(nanoseconds % 1000000000);
    pthread_mutex_lock(&beat->mutex);
    int code = 0;
    while (!beat->is_ending && code == 0)
        code = pthread_cond_timedwait(&beat->wake, &beat->mutex, &until);
    pthread_mutex_unlock(&beat->mutex);
}

static void *run(void *context)
{
    struct silt_beat *beat = context;
    while (!silt_beat_is_ending(beat)) {
        beat->act(beat->context, beat);
        silt_beat_wait(beat, beat->pause_ms);
    }
    return NULL;
}

static void release(struct silt_beat *beat)
{
    pthread_cond_destroy(&beat->wake);
    pthread_mutex_destroy(&beat->mutex);
    free(beat);
}

enum silt_status silt_beat_start(void (*act)(void *context, struct silt_beat *beat), void *context,
                                 uint64_t pause_ms, struct silt_beat **out, struct silt_error *error)
{
    struct silt_beat *beat = calloc(1, sizeof *beat);
    pthread_condattr_t clock;
    if (beat == NULL)
        return SILT_ERR_MEMORY;
    beat->act = act;
    beat->context = context;
    beat->pause_ms = pause_ms;
    pthread_mutex_init(&beat->mutex, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&beat->wake, &clock);
    pthread_condattr_destroy(&clock);
    if (pthread_create(&beat->thread, NULL, run, beat) != 0) {
        release(beat);
        if (error != NULL)
            snprintf(error->message, sizeof error->message, "a thread cannot be started");
        return SILT_ERR_IO;
    }
    *out = beat;
    return SILT_OK;
}

void silt_beat_ask_end(struct silt_beat *beat)
{
    if (beat == NULL)
        return;
    pthread_mutex_lock(&beat->mutex);
    beat->is_ending = true;
    pthread_cond_broadcast(&beat->wake);
    pthread_mutex_unlock(&beat->mutex);
}

void silt_beat_stop(struct silt_beat *beat)
{
    if (beat == NULL)
        return;
    silt_beat_ask_end(beat);
    pthread_join(beat->thread, NULL);
    release(beat);
}
