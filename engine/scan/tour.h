/*
 * tour.h: what a scan of one target needs, whatever the target is.
 */
#ifndef SILT_SCAN_TOUR_H
#define SILT_SCAN_TOUR_H

#include "scan/pool.h"
#include "source/source.h"

#include <silt/sink.h>

struct silt_tour {
    struct silt_scan *scan;
    const struct silt_sink *sink;
    const char *name; /* the target as the user named it */
    const struct silt_target *target;
    struct silt_source *source;
    uint64_t started_ms;
    uint64_t total; /* stored bytes to read, 0 if unknown; for progress */
    int layer_count;
};

/* A pool for this tour, whose ticks report progress to the sink; an answer of false cancels the run. */
struct silt_pool silt_tour_pool(struct silt_tour *tour);

#endif
