/*
 * pool.c: memory for many small copies that die together, in a chain of blocks.
 */
#include "pool.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct silt_pool_block {
    struct silt_pool_block *before;
    size_t size, used;
    alignas(max_align_t) uint8_t bytes[];
};

static struct silt_pool_block *add_block(struct silt_pool *pool, size_t size)
{
    if (size < BLOCK_SIZE)
        size = BLOCK_SIZE;
    if (size > SIZE_MAX - sizeof(struct silt_pool_block))
        return NULL;
    struct silt_pool_block *block = calloc(1, sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->size = size;
    block->before = pool->last;
    pool->last = block;
    return block;
}

void *silt_pool_take(struct silt_pool *pool, size_t count, size_t item_size)
{
    size_t size;
    if (__builtin_mul_overflow(count, item_size, &size) || size > SIZE_MAX / 2)
        return NULL;
    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    struct silt_pool_block *block = pool->last;
    if (block == NULL || size > block->size - block->used)
        block = add_block(pool, size);
    if (block == NULL)
        return NULL;
    void *out = block->bytes + block->used;
    block->used += size;
    return out;
}

bool silt_pool_copy(struct silt_pool *pool, struct silt_span bytes, struct silt_span *out)
{
    uint8_t *copy = bytes.size < SIZE_MAX ? silt_pool_take(pool, bytes.size + 1, 1) : NULL;
    if (copy == NULL)
        return false;
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    *out = (struct silt_span){copy, bytes.size};
    return true;
}

bool silt_pool_copy_text(struct silt_pool *pool, const char *text, const char **out)
{
    struct silt_span copy = {0};
    *out = NULL;
    if (text == NULL)
        return true;
    if (!silt_pool_copy(pool, (struct silt_span){(const uint8_t *)text, strlen(text)}, &copy))
        return false;
    *out = (const char *)copy.data;
    return true;
}

void silt_pool_clear(struct silt_pool *pool)
{
    while (pool->last != NULL) {
        struct silt_pool_block *block = pool->last;
        pool->last = block->before;
        explicit_bzero(block->bytes, block->size);
        free(block);
    }
}
