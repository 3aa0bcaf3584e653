/*
 * tags.h: the tags under which a digest was pushed, each with the time of that: two texts side by side, words
 * with a blank between, "1.0 latest" and "1700000000000 1700000000500".
 */
#ifndef SILT_CLI_SERVE_QUEUE_TAGS_H
#define SILT_CLI_SERVE_QUEUE_TAGS_H

#include "stash.h"

struct silt_tags {
    const char *names, *times;
};

/* Puts a tag, or moves the time of one that is there forward; new texts are the stash's. `*is_new` tells
 * whether it was not there. False when memory is out. A tag "" changes nothing. */
bool silt_tags_put(struct silt_tags *tags, const char *tag, int64_t pushed_ms, struct silt_stash *stash,
                   bool *is_new);

/* Takes the next tag off: from two places in the texts, which it moves forward. False at the end. */
struct silt_tags_item {
    const char *name;
    size_t name_size;
    int64_t pushed_ms; /* 0 where `times` has none */
};
bool silt_tags_next(const char **names, const char **times, struct silt_tags_item *out);

#endif
