/*
 * cache.h: compiled databases as files DIR/LEVEL-KEY.hsdb, KEY being the first 16 hexadecimal digits of the
 * key.
 */
#ifndef SILT_MATCH_CACHE_H
#define SILT_MATCH_CACHE_H

#include "match/database.h"

/* Who may have written the files of a directory. */
enum silt_cache_trust {
    SILT_CACHE_INSTALLED, /* whoever installs programs too */
    SILT_CACHE_OWN,       /* this user (or root) only: others' files are not taken */
};

/* Reads the database of a level and key. SILT_ERR_NOT_FOUND if there is none that can be used, for whatever
 * reason. */
SILT_MUST_USE enum silt_status silt_cache_find(const char *dir, enum silt_cache_trust trust,
                                               enum silt_level level, const struct silt_digest *key,
                                               hs_database_t **out, struct silt_error *error);

/* Writes a database, under another name first, so that no one ever reads half of one. Makes the directory and
 * its parents (mode 0700). `mode` is that of the file. */
SILT_MUST_USE enum silt_status silt_cache_put(const char *dir, unsigned mode, enum silt_level level,
                                              const struct silt_digest *key, const hs_database_t *database,
                                              struct silt_error *error);

#endif
