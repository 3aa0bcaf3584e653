/*
 * blobs.h: the blobs of one table of an SQLite database that lies in memory and that nobody vouches for.
 */
#ifndef SILT_STORE_BLOBS_H
#define SILT_STORE_BLOBS_H

#include "base/span.h"

/* Calls `put` with each value of a column of a table (both are names in the caller's code), in any order.
 * `database` is written to. OK; CORRUPT if that is no database or has no such table, or if to read it takes
 * longer than its size explains; MEMORY. What came before a failure was put. */
SILT_MUST_USE enum silt_status silt_blobs_read(struct silt_span database, const char *table,
                                               const char *column, void *context,
                                               void (*put)(void *context, struct silt_span blob),
                                               struct silt_error *error);

#endif
