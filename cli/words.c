/*
 * words.c: a growing list of strings. Lists are short, so it grows by one.
 */
#include "words.h"

#include <stdlib.h>
#include <string.h>

bool silt_words_put(struct silt_words *words, const char *text, size_t size)
{
    char **items = realloc(words->items, (words->count + 2) * sizeof *items);
    if (items == NULL)
        return false;
    words->items = items;
    items[words->count] = strndup(text, size);
    items[words->count + 1] = NULL;
    if (items[words->count] == NULL)
        return false;
    words->count++;
    return true;
}

bool silt_words_put_parts(struct silt_words *words, const char *text)
{
    while (*text != '\0') {
        text += strspn(text, ", ");
        size_t size = strcspn(text, ",");
        size_t used = size;
        while (used > 0 && text[used - 1] == ' ')
            used--;
        if (used > 0 && !silt_words_put(words, text, used))
            return false;
        text += size;
    }
    return true;
}

void silt_words_clear(struct silt_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct silt_words){0};
}
