/*
 * memory.h: a stream over bytes in memory.
 */
#ifndef SILT_STREAM_MEMORY_H
#define SILT_STREAM_MEMORY_H

#include "stream/stream.h"

/* Borrows the bytes, which must outlive the stream. */
SILT_MUST_USE enum silt_status silt_memory_open(struct silt_span bytes, struct silt_stream **out,
                                                struct silt_error *error);

/* Copies the bytes, and wipes the copy when the stream is freed. */
SILT_MUST_USE enum silt_status silt_memory_open_copy(struct silt_span bytes, struct silt_stream **out,
                                                     struct silt_error *error);

#endif
