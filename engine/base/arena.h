/*
 * arena.h: memory for many small things that die together.
 */
#ifndef SILT_BASE_ARENA_H
#define SILT_BASE_ARENA_H

#include "base/span.h"

struct silt_arena_block;

/* Zero-initialise. */
struct silt_arena {
    struct silt_arena_block *blocks;
    size_t used; /* bytes handed out, for accounts */
};

/* Zeroed memory, aligned for any type; NULL when memory is out. Lives until the arena is cleared. */
void *silt_arena_take(struct silt_arena *arena, size_t size);

/* A NUL-terminated copy of bytes; NULL when memory is out. */
char *silt_arena_copy(struct silt_arena *arena, struct silt_span bytes);

/* Frees everything; the arena may be used again. */
void silt_arena_clear(struct silt_arena *arena);

/* Overwrites everything that was handed out, then frees it: for arenas that held secrets. */
void silt_arena_wipe(struct silt_arena *arena);

#endif
