/*
 * array.c: an item array that doubles.
 */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *silt_array_put(struct silt_array *array)
{
    if (array->count == array->capacity) {
        size_t capacity = array->capacity == 0 ? 16 : array->capacity * 2;
        if (capacity > SIZE_MAX / 2 / array->item_size)
            return NULL;
        void *items = realloc(array->items, capacity * array->item_size);
        if (items == NULL)
            return NULL;
        array->items = items;
        array->capacity = capacity;
    }
    void *item = (char *)array->items + array->count * array->item_size;
    memset(item, 0, array->item_size);
    array->count++;
    return item;
}

void silt_array_clear(struct silt_array *array)
{
    free(array->items);
    array->items = NULL;
    array->count = array->capacity = 0;
}
