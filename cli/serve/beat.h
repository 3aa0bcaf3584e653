/*
 * beat.h: a thread that does something again and again until it is told to end.
 */
#ifndef SILT_CLI_SERVE_BEAT_H
#define SILT_CLI_SERVE_BEAT_H

#include <silt/status.h>
#include <stdbool.h>
#include <stdint.h>

struct silt_beat;

/* Starts a thread that calls `act` at once and then each time `pause_ms` have passed since it returned. */
SILT_MUST_USE enum silt_status silt_beat_start(void (*act)(void *context, struct silt_beat *beat),
                                               void *context, uint64_t pause_ms, struct silt_beat **out,
                                               struct silt_error *error);

/* Whether the thread is to end: what takes long asks now and then. */
bool silt_beat_is_ending(struct silt_beat *beat);

/* Waits, in the thread, for at most `ms`; less if it is to end. */
void silt_beat_wait(struct silt_beat *beat, uint64_t ms);

/* Asks the thread to end, without waiting for it; NULL is allowed. */
void silt_beat_ask_end(struct silt_beat *beat);

/* Ends the thread, waits for it, and frees it; NULL is allowed. */
void silt_beat_stop(struct silt_beat *beat);

#endif
