/*
 * file.h: streams over file descriptors. The engine opens no descriptors itself here: a source hands them in.
 */
#ifndef SILT_STREAM_FILE_H
#define SILT_STREAM_FILE_H

#include "stream/stream.h"

/* Asked about ten times a second while a pipe has nothing to read: false ends the reading with CANCELLED. */
struct silt_patience {
    bool (*goes_on)(void *context);
    void *context;
};

/* Gives a stream of silt_file_open patience (copied); without it, or with a NULL function, it waits for ever.
 */
void silt_file_set_patience(struct silt_stream *stream, const struct silt_patience *patience);

/* Reads a descriptor (file, pipe, socket) from where it stands to its end. Borrows the descriptor. */
SILT_MUST_USE enum silt_status silt_file_open(int fd, struct silt_stream **out, struct silt_error *error);

/* Reads `size` bytes from `offset` with pread, so that several streams, in several threads, can read one
 * descriptor. A file that ends before is SILT_ERR_CORRUPT (truncated). Borrows the descriptor. */
SILT_MUST_USE enum silt_status silt_file_open_range(int fd, uint64_t offset, uint64_t size,
                                                    struct silt_stream **out, struct silt_error *error);

#endif
