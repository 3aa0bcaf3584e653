/*
 * bases.h: base images (--base), and how many layers of an image are theirs. An image made FROM another
 * begins with all of its layers.
 */
#ifndef SILT_CLI_BASES_H
#define SILT_CLI_BASES_H

#include "stash.h"
#include "words.h"

#include <silt/scanner.h>

/* Zero-initialise. */
struct silt_bases {
    struct silt_stash stash;
    struct silt_base *items;
    size_t count;
};

/* Reads what the images are that `targets` name; their layers are not looked into. What is wrong is told on
 * standard error; the answer is false. */
bool silt_bases_load(struct silt_bases *bases, struct silt_scanner *scanner,
                     const struct silt_words *targets);

/* How many first layers of an image are a base's, by that base which has most of them; *name is what the user
 * called it, NULL if there is none. */
size_t silt_bases_match(const struct silt_bases *bases, const struct silt_image *image, const char **name);

/* Frees what was read. */
void silt_bases_clear(struct silt_bases *bases);

#endif
