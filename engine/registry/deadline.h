/*
 * deadline.h: a patience that lasts until a time.
 */
#ifndef SILT_REGISTRY_DEADLINE_H
#define SILT_REGISTRY_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

/* The time until which an answer is waited for, on the monotonic clock; INT64_MAX: for ever. */
struct silt_deadline {
    int64_t at_ms;
};

/* A deadline in so many milliseconds from now; 0: none. */
struct silt_deadline silt_deadline_after(uint64_t timeout_ms);

/* Whether there is time left: what a patience asks, with a deadline as its context. */
bool silt_deadline_lasts(void *deadline);

#endif
