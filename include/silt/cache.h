/*
 * cache.h: where results of layers are kept between scans, so that a layer is scanned once.
 *
 * A cache keeps values under keys and may forget any of them at any time. It knows nothing of what they hold:
 * the scan makes the keys (a hash over the layer's verified digest, the signatures, the engine and every
 * option that changes what is found), checks what comes back, and takes what does not pass for not found. So
 * a cache can slow a scan down, but not change what it finds. No value holds a secret.
 *
 * A cache is one struct of functions: the SQLite file made here, or another implementation by the program.
 */
#ifndef SILT_CACHE_H
#define SILT_CACHE_H

#include <silt/finding.h>
#include <silt/status.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a key, and the most that a value may have. */
enum { SILT_CACHE_KEY_SIZE = 32, SILT_CACHE_VALUE_MAX = 32 * 1024 * 1024 };

struct silt_cache_key {
    uint8_t bytes[SILT_CACHE_KEY_SIZE];
};

struct silt_cache;

/* All functions but free may be called from several threads at once. */
struct silt_cache_ops {
    const char *name; /* "sqlite" */
    /* The value kept under a key: *out is made by malloc, and the caller's. NOT_FOUND if there is none, or
     * whatever failure kept it from being read: to the scan they are the same. */
    enum silt_status (*find)(struct silt_cache *cache, const struct silt_cache_key *key, uint8_t **out,
                             size_t *size, struct silt_error *error);
    /* Keeps a copy of the value, in place of what was kept under the key. A cache that is full or cannot be
     * written answers a failure, which does not end a scan. LIMIT for a value that is too large for it. */
    enum silt_status (*put)(struct silt_cache *cache, const struct silt_cache_key *key,
                            struct silt_span value, struct silt_error *error);
    /* Why the cache is of no use, or of less: one plain sentence, with the remedy; NULL if all is well.
     * Borrowed from the cache. Not to be called while a scan runs. */
    const char *(*complaint)(const struct silt_cache *cache);
    void (*free)(struct silt_cache *cache);
};

/* First member of every kind of cache. */
struct silt_cache {
    const struct silt_cache_ops *ops;
    /* It is this machine's alone, so that files can be known again by what the file system says of them. */
    bool is_local;
};

/* Frees a cache when no scan uses it any more; NULL is allowed. */
static inline void silt_cache_free(struct silt_cache *cache)
{
    if (cache != NULL)
        cache->ops->free(cache);
}

/* A cache in the SQLite file DIR/layers/results.db, which is made at the first call that needs it (the
 * folders with mode 0700, the file with 0600). Any number of processes may use it at once; one that is killed
 * harms nothing. Beyond `max_bytes` what was not used for longest goes. A file that is damaged is set aside
 * as DIR/layers.damaged; one of a newer silt, or that others can write to, is left alone: the complaint says
 * so, and nothing is kept. MEMORY; USAGE for a path that is too long. */
SILT_API SILT_MUST_USE enum silt_status silt_store_open(const char *dir, uint64_t max_bytes,
                                                        struct silt_cache **out, struct silt_error *error);

#endif
