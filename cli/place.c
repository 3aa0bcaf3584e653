/*
 * place.c: a place as one path.
 */
#include "place.h"

#include <stdlib.h>
#include <string.h>

static void append(char *text, size_t *size, const void *bytes, size_t count)
{
    if (count > 0)
        memcpy(text + *size, bytes, count);
    *size += count;
}

char *silt_place_path_new(const struct silt_place *place, size_t *size)
{
    size_t all = place->path.size;
    for (size_t i = 0; i < place->chain_count; i++)
        if (__builtin_add_overflow(all, place->chain[i].size + 2, &all))
            return NULL;
    char *text = all < SIZE_MAX ? malloc(all + 1) : NULL;
    if (text == NULL)
        return NULL;
    *size = 0;
    for (size_t i = 0; i < place->chain_count; i++) {
        append(text, size, place->chain[i].data, place->chain[i].size);
        append(text, size, "!/", 2);
    }
    append(text, size, place->path.data, place->path.size);
    text[*size] = '\0';
    return text;
}
