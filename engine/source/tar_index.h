/*
 * tar_index.h: what an uncompressed tar on a seekable descriptor holds, and where, so that its blobs can be
 * read in any order (POSIX.1-2017 pax "ustar Interchange Format" and "pax Extended Header"; GNU long names
 * and sizes).
 *
 * Only for the outer tar of an image archive. Immutable once made: threads may share it. Where its reader and
 * Go's archive/tar (which every container engine uses) could disagree, it does what Go does.
 */
#ifndef SILT_SOURCE_TAR_INDEX_H
#define SILT_SOURCE_TAR_INDEX_H

#include "base/span.h"

enum silt_tar_kind { SILT_TAR_FILE, SILT_TAR_HARDLINK, SILT_TAR_SYMLINK };

struct silt_tar_entry {
    enum silt_tar_kind kind;
    bool is_shadowed;      /* a later entry of the same name takes its place */
    struct silt_span name; /* clean */
    struct silt_span link; /* clean name that a link leads to */
    uint64_t offset, size; /* of the content; size as the header says: it may reach behind the end */
};

struct silt_tar_index;

/* Reads all headers of a tar of `size_bytes`. Fails for IO and MEMORY only: damage and limits end the index
 * and are told by silt_tar_index_problem. Borrows the descriptor for the call. Free it with
 * silt_tar_index_free. */
SILT_MUST_USE enum silt_status silt_tar_index_new(int fd, uint64_t size_bytes, struct silt_tar_index **out,
                                                  struct silt_error *error);
void silt_tar_index_free(struct silt_tar_index *index);

/* Files and links in stored order; directories and devices are left out. */
size_t silt_tar_index_count(const struct silt_tar_index *index);
const struct silt_tar_entry *silt_tar_index_at(const struct silt_tar_index *index, size_t position);

/* The file with a name, links followed. NOT_FOUND if there is none or a link leads nowhere or round in
 * circles. */
SILT_MUST_USE enum silt_status silt_tar_index_find(const struct silt_tar_index *index, struct silt_span name,
                                                   const struct silt_tar_entry **out,
                                                   struct silt_error *error);

/* Why the index ends early; NULL if it does not. */
const struct silt_error *silt_tar_index_problem(const struct silt_tar_index *index);

/* Where the bytes begin that were not read as entries (behind the damage or behind the end mark); the file's
 * size if there are none but zeros. */
uint64_t silt_tar_index_tail(const struct silt_tar_index *index);

#endif
