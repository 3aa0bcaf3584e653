/*
 * putback.h: a stream into which bytes can be put back that were read ahead of need.
 */
#ifndef SILT_ARCHIVE_PUTBACK_H
#define SILT_ARCHIVE_PUTBACK_H

#include "stream/stream.h"

/* Passes `inner` through. Its offset counts from where inner stands now. */
SILT_MUST_USE enum silt_status silt_putback_open(struct silt_stream *inner, struct silt_stream **out,
                                                 struct silt_error *error);

/* Puts bytes in front of what comes next; they are copied. They must be the last ones that were consumed. */
SILT_MUST_USE enum silt_status silt_putback_put(struct silt_stream *stream, struct silt_span bytes,
                                                struct silt_error *error);

#endif
