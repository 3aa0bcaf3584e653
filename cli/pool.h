/*
 * pool.h: memory for many small copies that die together. It is wiped when it is freed: secrets may be in it.
 */
#ifndef SILT_CLI_POOL_H
#define SILT_CLI_POOL_H

#include <silt/finding.h>

struct silt_pool_block;

/* Zero-initialise. */
struct silt_pool {
    struct silt_pool_block *last;
};

/* Zeroed memory for `count` items, aligned for any type, valid until the pool is cleared; NULL when memory is out. */
void *silt_pool_take(struct silt_pool *pool, size_t count, size_t item_size);

/* Copies bytes (and puts a NUL behind them); false when memory is out. */
bool silt_pool_copy(struct silt_pool *pool, struct silt_span bytes, struct silt_span *out);

/* Copies a string; NULL stays NULL. */
bool silt_pool_copy_text(struct silt_pool *pool, const char *text, const char **out);

/* Wipes and frees everything. */
void silt_pool_clear(struct silt_pool *pool);

#endif
