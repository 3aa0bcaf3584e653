/*
 * stash.h: memory for many small copies that die together. It is wiped when it is freed: secrets may be in
 * it.
 */
#ifndef SILT_CLI_STASH_H
#define SILT_CLI_STASH_H

#include <silt/finding.h>

struct silt_stash_block;

/* Zero-initialise. */
struct silt_stash {
    struct silt_stash_block *last;
};

/* Zeroed memory for `count` items, aligned for any type, valid until the stash is cleared; NULL when memory
 * is out. */
void *silt_stash_take(struct silt_stash *stash, size_t count, size_t item_size);

/* Copies bytes (and puts a NUL behind them); false when memory is out. */
bool silt_stash_copy(struct silt_stash *stash, struct silt_span bytes, struct silt_span *out);

/* Copies a string; NULL stays NULL. */
bool silt_stash_copy_text(struct silt_stash *stash, const char *text, const char **out);

/* Moves all memory of `from`, which is empty then, into `to`; what was taken stays where it is. */
void silt_stash_join(struct silt_stash *to, struct silt_stash *from);

/* Wipes and frees everything. */
void silt_stash_clear(struct silt_stash *stash);

#endif
