/*
 * lanes.h: several targets at a time, each scanned by a thread with a scanner of its own, and what they told
 * taken in the targets' order. Threads only listen: judging, reporting and progress are the caller's, in one
 * thread.
 */
#ifndef SILT_CLI_LANES_H
#define SILT_CLI_LANES_H

#include "policy.h"

#include <silt/scanner.h>

struct silt_lanes;

/* Borrowed until silt_lanes_free. */
struct silt_lanes_plan {
    struct silt_scanner *const *scanners; /* NULL-terminated */
    char *const *targets;                 /* NULL-terminated */
    const struct silt_policy *policy;     /* what it does not take is only counted */
    const struct silt_results *like;      /* whose settings (results.h) the results of a target get */
    /* Told how far the target that is waited for has come, by the thread that waits; `began` is when it, or
     * the image of it, was begun (CLOCK_MONOTONIC). */
    void (*progress)(void *context, const struct silt_progress *progress, const struct timespec *began);
    void *context;
};

/* Begins to scan; NULL when memory or threads are out. */
struct silt_lanes *silt_lanes_new(const struct silt_lanes_plan *plan);

/* Waits for the next that the target of an index is found to be: a file, a directory, an image (a target may
 * be several). *out is the caller's and has one target in it; it has not ended if its scan broke off. False
 * if there is no more. */
bool silt_lanes_next(struct silt_lanes *lanes, size_t index, struct silt_results *out);

/* How the scan of a target ended, once there is no more of it: what silt_scanner_scan answered. */
enum silt_status silt_lanes_status(const struct silt_lanes *lanes, size_t index, const char **message);

/* Cancels what is still running and frees everything; NULL is allowed. */
void silt_lanes_free(struct silt_lanes *lanes);

#endif
