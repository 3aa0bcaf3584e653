/*
 * stash.c: memory for many small copies that die together, in a chain of blocks.
 */
#include "stash.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct silt_stash_block {
    struct silt_stash_block *before;
    size_t size, used;
    alignas(max_align_t) uint8_t bytes[];
};

static struct silt_stash_block *add_block(struct silt_stash *stash, size_t size)
{
    if (size < BLOCK_SIZE)
        size = BLOCK_SIZE;
    if (size > SIZE_MAX - sizeof(struct silt_stash_block))
        return NULL;
    struct silt_stash_block *block = calloc(1, sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->size = size;
    block->before = stash->last;
    stash->last = block;
    return block;
}

void *silt_stash_take(struct silt_stash *stash, size_t count, size_t item_size)
{
    size_t size;
    if (__builtin_mul_overflow(count, item_size, &size) || size > SIZE_MAX / 2)
        return NULL;
    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    struct silt_stash_block *block = stash->last;
    if (block == NULL || size > block->size - block->used)
        block = add_block(stash, size);
    if (block == NULL)
        return NULL;
    void *out = block->bytes + block->used;
    block->used += size;
    return out;
}

bool silt_stash_copy(struct silt_stash *stash, struct silt_span bytes, struct silt_span *out)
{
    uint8_t *copy = bytes.size < SIZE_MAX ? silt_stash_take(stash, bytes.size + 1, 1) : NULL;
    if (copy == NULL)
        return false;
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    *out = (struct silt_span){copy, bytes.size};
    return true;
}

bool silt_stash_copy_text(struct silt_stash *stash, const char *text, const char **out)
{
    struct silt_span copy = {0};
    *out = NULL;
    if (text == NULL)
        return true;
    if (!silt_stash_copy(stash, (struct silt_span){(const uint8_t *)text, strlen(text)}, &copy))
        return false;
    *out = (const char *)copy.data;
    return true;
}

void silt_stash_join(struct silt_stash *to, struct silt_stash *from)
{
    struct silt_stash_block **first = &from->last;
    while (*first != NULL)
        first = &(*first)->before;
    *first = to->last;
    to->last = from->last;
    from->last = NULL;
}

void silt_stash_clear(struct silt_stash *stash)
{
    while (stash->last != NULL) {
        struct silt_stash_block *block = stash->last;
        stash->last = block->before;
        explicit_bzero(block->bytes, block->size);
        free(block);
    }
}
