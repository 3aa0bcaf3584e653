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
    struct silt_patience patience; /* while a pipe has nothing to read; may be zero */
    const struct silt_source_ops *ops;
};

/* Takes the descriptor over also if it fails. */
SILT_MUST_USE enum silt_status silt_plain_file_new(const struct silt_plain_file *file,
                                                   struct silt_source **out, struct silt_error *error);

/* The functions of such a source: its one blob, and its end. */
enum silt_status silt_plain_file_next(struct silt_source *source, struct silt_blob *out,
                                      struct silt_error *error);
void silt_plain_file_free(struct silt_source *source);

/* Whether a descriptor can only be read once, front to back: it is compressed or cannot be sought. */
bool silt_plain_file_is_stream(int fd);

#endif
