/*
 * descriptor.h: files opened for reading, and streams that close theirs.
 */
#ifndef SILT_SOURCE_DESCRIPTOR_H
#define SILT_SOURCE_DESCRIPTOR_H

#include "stream/stream.h"

/* Opens a path that the user named, links followed. NOT_FOUND or IO with the path in the text. */
SILT_MUST_USE enum silt_status silt_descriptor_open(const char *path, int flags, int *out,
                                                    struct silt_error *error);

/* A stream over a descriptor from where it stands, which is closed when the stream is freed (or if this
 * fails). */
SILT_MUST_USE enum silt_status silt_descriptor_stream(int fd, struct silt_stream **out,
                                                      struct silt_error *error);

#endif
