/*
 * tee.h: a stream that hashes what is consumed through it.
 */
#ifndef SILT_STREAM_TEE_H
#define SILT_STREAM_TEE_H

#include "base/digest.h"
#include "stream/stream.h"

/* Passes `inner` through and keeps its SHA-256. */
SILT_MUST_USE enum silt_status silt_tee_open(struct silt_stream *inner, struct silt_stream **out,
                                             struct silt_error *error);

/* The digest of all bytes consumed so far; only meaningful once the stream was consumed to its end. Call it
 * once. */
void silt_tee_take(struct silt_stream *tee, struct silt_digest *out);

#endif
