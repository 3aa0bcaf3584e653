/*
 * cache.h: plans and compiled databases as files: DIR/KEY.plan and DIR/LEVEL-KEY.hsdb, KEY being the first 16
 * hexadecimal digits of the key.
 */
#ifndef SILT_MATCH_CACHE_H
#define SILT_MATCH_CACHE_H

#include "base/stored.h"
#include "match/compiled.h"

/* Where a file stands, what it must be, and who may have written it. */
struct silt_cache_place {
    const char *dir;
    enum silt_stored_trust trust;
    struct silt_digest key;
};

/* Reads the plan of a set. SILT_ERR_NOT_FOUND if there is none that can be used, for whatever reason; then,
 * and on failure, `out` is zero. */
SILT_MUST_USE enum silt_status silt_cache_find_plan(const struct silt_cache_place *place,
                                                    const struct silt_signatures *set, struct silt_plan *out,
                                                    struct silt_error *error);
/* The same for databases of a level. */
SILT_MUST_USE enum silt_status silt_cache_find_compiled(const struct silt_cache_place *place,
                                                        enum silt_level level, struct silt_compiled *out,
                                                        struct silt_error *error);

/* Write them, with the mode that files of that trust have: installed ones all may read, a cache's only its
 * user. Directories are made. */
SILT_MUST_USE enum silt_status silt_cache_put_plan(const struct silt_cache_place *place,
                                                   const struct silt_plan *plan, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_cache_put_compiled(const struct silt_cache_place *place,
                                                       enum silt_level level,
                                                       const struct silt_compiled *compiled,
                                                       struct silt_error *error);

#endif
