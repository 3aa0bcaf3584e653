/*
 * words.h: a growing list of strings, such as the values of an option that may be repeated.
 */
#ifndef SILT_CLI_WORDS_H
#define SILT_CLI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise. `items` ends with a NULL behind the last one and is NULL while the list is empty. */
struct silt_words {
    char **items;
    size_t count;
};

/* Appends a copy of the first `size` bytes of a text; false when memory is out. */
bool silt_words_put(struct silt_words *words, const char *text, size_t size);

/* Appends each part of a text with commas in it, blanks around and empty parts left out. */
bool silt_words_put_parts(struct silt_words *words, const char *text);

/* Frees everything; the list may be used again. */
void silt_words_clear(struct silt_words *words);

#endif
