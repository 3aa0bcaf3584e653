/*
 * tar_source.h: an uncompressed tar as a source; what docker-archive and oci-archive have in common.
 */
#ifndef SILT_SOURCE_TAR_SOURCE_H
#define SILT_SOURCE_TAR_SOURCE_H

#include "source/source.h"

/* Opens a file. A compressed one, or a pipe, becomes a source of transport "file" with layout STREAM. CORRUPT
 * if it is no tar at all. */
SILT_MUST_USE enum silt_status silt_tar_source_open(const struct silt_source_ops *ops,
                                                    enum silt_layout layout, const char *location,
                                                    struct silt_source **out, struct silt_error *error);

/* The functions of such a source; find is thread-safe. */
enum silt_status silt_tar_source_find(struct silt_source *source, const char *name, struct silt_stream **out,
                                      uint64_t *size, struct silt_error *error);
enum silt_status silt_tar_source_next(struct silt_source *source, struct silt_blob *out,
                                      struct silt_error *error);
void silt_tar_source_free(struct silt_source *source);

#endif
