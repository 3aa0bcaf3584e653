/*
 * identity.h: which bytes of which file a stream reads, as the file system tells it: what git's index keeps
 * of a file so as not to read it again. The same identity twice means the same bytes, if the file was not
 * written to shortly before it was first asked for (a clock tick could hide a second change) and nobody
 * changes files behind the file system's back.
 */
#ifndef SILT_STREAM_IDENTITY_H
#define SILT_STREAM_IDENTITY_H

#include "stream/stream.h"

struct silt_identity {
    uint64_t device, inode;
    uint64_t file_size;
    int64_t modified_s, changed_s; /* mtime and ctime, with the nanoseconds below */
    uint32_t modified_ns, changed_ns;
    uint64_t offset, size; /* the piece of the file */
};

/* Asks the file that the stream reads, by its descriptor. False where there is none, or it is no regular
 * file, or the stream does not know. To be asked before anything is consumed, and again at the end: if both
 * are equal, the file was not replaced or written to in between. */
bool silt_identity_of(const struct silt_stream *stream, struct silt_identity *out);

/* The identity of a piece of an open file; for those who make streams. */
bool silt_identity_of_file(int fd, uint64_t offset, uint64_t size, struct silt_identity *out);

/* Whether both are the same, file and piece. */
bool silt_identity_equal(const struct silt_identity *a, const struct silt_identity *b);

/* Whether the file was last changed at least three seconds ago, so that a change from now on shows: FAT keeps
 * times to two seconds, other file systems to a tick of the clock. A time in the future does not count. */
bool silt_identity_is_settled(const struct silt_identity *identity);

#endif
