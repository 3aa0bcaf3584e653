/*
 * plain_file.h: a file as the one blob of its target.
 */
#ifndef SILT_SOURCE_PLAIN_FILE_H
#define SILT_SOURCE_PLAIN_FILE_H

#include "source/source.h"

/* A source over an open descriptor, which it closes unless `borrows`. `name` is copied. */
struct silt_plain_file {
    int fd;
    bool borrows;
    const char *name;
    uint64_t size_bytes;
    enum silt_layout layout;
    const struct silt_source_ops *ops;
};

/* Takes the descriptor over also if it fails. */
SILT_MUST_USE enum silt_status silt_plain_file_new(const struct silt_plain_file *file,
                                                   struct silt_source **out, struct silt_error *error);

/* The functions of such a source. */
enum silt_status silt_plain_file_next(struct silt_source *source, struct silt_blob *out,
                                      struct silt_error *error);
void silt_plain_file_free(struct silt_source *source);

/* The layout of what a descriptor holds: STREAM if it is compressed or cannot be sought, else NONE. */
enum silt_layout silt_plain_file_layout(int fd);

#endif
