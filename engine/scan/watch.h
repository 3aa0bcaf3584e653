/*
 * watch.h: the stream right above a source: counts what is read and stops when the run is cancelled.
 */
#ifndef SILT_SCAN_WATCH_H
#define SILT_SCAN_WATCH_H

#include "scan/scan.h"
#include "stream/stream.h"

SILT_MUST_USE enum silt_status silt_watch_open(struct silt_stream *inner, struct silt_scan *scan,
                                               struct silt_stream **out, struct silt_error *error);

#endif
