/*
 * sevenz.h: what a 7z archive will ask of memory, told before libarchive reads it: it takes the dictionary
 * that the archive names, up to 4 GiB (an archive of 87 KB took 530 MiB).
 */
#ifndef SILT_ARCHIVE_SEVENZ_H
#define SILT_ARCHIVE_SEVENZ_H

#include "base/span.h"

/* The largest dictionary or model that a coder of the archive names; UINT64_MAX if its header cannot be read.
 * Uses at most max_memory itself. Fails for want of memory only. */
SILT_MUST_USE enum silt_status silt_sevenz_need(struct silt_span archive, uint64_t max_memory, uint64_t *need,
                                                struct silt_error *error);

#endif
