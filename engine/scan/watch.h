/*
 * watch.h: the stream right above a source: counts what is read and stops when the run is cancelled.
 */
#ifndef SILT_SCAN_WATCH_H
#define SILT_SCAN_WATCH_H

#include "scan/scan.h"
#include "stream/stream.h"

/* Passes `inner` through until the scan is cancelled. Borrows both. */
SILT_MUST_USE enum silt_status silt_watch_open(struct silt_stream *inner, struct silt_scan *scan,
                                               struct silt_stream **out, struct silt_error *error);

/* Bytes consumed through it so far. Thread-safe. */
uint64_t silt_watch_count(const struct silt_stream *watch);

#endif
