/*
 * table.h: the one table, as SQLite has it: keys, values, when each was last used, and the sum of their
 * sizes.
 */
#ifndef SILT_STORE_TABLE_H
#define SILT_STORE_TABLE_H

#include <silt/cache.h>
#include <sqlite3.h>

struct silt_table {
    sqlite3 *db;
    sqlite3_stmt *find, *forget, *keep, *use, *total, *drop_oldest;
};

/* How SQLite's answer reads: CORRUPT for a damaged file, UNSUPPORTED for one that is not ours or of a newer
 * silt, LIMIT where another process held the file for too long, MEMORY, IO for all else. */

/* Opens a file that is there, empty or not, and makes the table where it is missing. Zero-initialised; to be
 * closed whatever the answer. */
SILT_MUST_USE enum silt_status silt_table_open(struct silt_table *table, const char *path,
                                               struct silt_error *error);
void silt_table_close(struct silt_table *table);

/* A value and its row; NOT_FOUND. The value is made by malloc. `used` is when it was last used. */
struct silt_table_row {
    int64_t row, used;
    uint8_t *value;
    size_t size;
};
SILT_MUST_USE enum silt_status silt_table_find(struct silt_table *table, const struct silt_cache_key *key,
                                               struct silt_table_row *out, struct silt_error *error);

/* Puts a value in place of an older one, and drops what was not used for longest until the sum of sizes is at
 * most `max_bytes`. All or nothing. */
SILT_MUST_USE enum silt_status silt_table_put(struct silt_table *table, const struct silt_cache_key *key,
                                              struct silt_span value, uint64_t max_bytes,
                                              struct silt_error *error);

/* Notes that rows were used now. */
SILT_MUST_USE enum silt_status silt_table_use(struct silt_table *table, const int64_t *rows, size_t count,
                                              struct silt_error *error);

/* Milliseconds since 1970, which is what `used` counts in. */
int64_t silt_table_now(void);

#endif
