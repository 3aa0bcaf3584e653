/*
 * limit.h: a stream that ends with SILT_ERR_LIMIT when too much comes out of it.
 */
#ifndef SILT_STREAM_LIMIT_H
#define SILT_STREAM_LIMIT_H

#include "stream/stream.h"

/* Passes `inner` through up to max_bytes (0: no limit). If `stored` is not NULL it is the compressed stream
 * below inner, and more than max_ratio times the bytes consumed from it (but at least 1 MiB) is too much as
 * well. The error's text says which limit it was. */
SILT_MUST_USE enum silt_status silt_limit_open(struct silt_stream *inner, uint64_t max_bytes,
                                               const struct silt_stream *stored, unsigned max_ratio,
                                               struct silt_stream **out, struct silt_error *error);

#endif
