/*
 * ahead.h: a stream whose inner stream is read by a thread of its own, so that inflating and matching of one
 * layer keep two processors busy. Bounded: the thread waits when its ring is full.
 */
#ifndef SILT_SCAN_AHEAD_H
#define SILT_SCAN_AHEAD_H

#include "stream/stream.h"

/* Starts the thread. From here on only it touches `inner`, until the ahead stream is freed (which stops and
 * joins it); after that, inner stands behind whatever the thread had consumed. */
SILT_MUST_USE enum silt_status silt_ahead_open(struct silt_stream *inner, struct silt_stream **out,
                                               struct silt_error *error);

#endif
