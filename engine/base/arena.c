/*
 * arena.c: a list of blocks, filled from the front.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct silt_arena_block {
    struct silt_arena_block *next;
    size_t used, size;
    alignas(max_align_t) uint8_t data[];
};

static struct silt_arena_block *add_block(struct silt_arena *arena, size_t size)
{
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct silt_arena_block *block = malloc(sizeof *block + room);
    if (block == NULL)
        return NULL;
    block->used = 0;
    block->size = room;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *silt_arena_take(struct silt_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct silt_arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < size)
        block = add_block(arena, size);
    if (block == NULL)
        return NULL;
    void *memory = block->data + block->used;
    block->used += size;
    arena->used += size;
    memset(memory, 0, size);
    return memory;
}

char *silt_arena_copy(struct silt_arena *arena, struct silt_span bytes)
{
    char *copy = silt_arena_take(arena, bytes.size + 1);
    if (copy != NULL && bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return copy;
}

void silt_arena_clear(struct silt_arena *arena)
{
    while (arena->blocks != NULL) {
        struct silt_arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->used = 0;
}

void silt_arena_wipe(struct silt_arena *arena)
{
    for (struct silt_arena_block *block = arena->blocks; block != NULL; block = block->next)
        explicit_bzero(block->data, block->used);
    silt_arena_clear(arena);
}
