/*
 * array.h: a growing array of items of one size.
 */
#ifndef SILT_BASE_ARRAY_H
#define SILT_BASE_ARRAY_H

#include <silt/status.h>
#include <stddef.h>

/* Zero-initialise but for item_size. */
struct silt_array {
    void *items;
    size_t count;
    size_t capacity;
    size_t item_size;
};

/* Appends a zeroed item and answers it; NULL when memory is out. Earlier items may move. */
void *silt_array_put(struct silt_array *array);

/* The item at an index below count. */
static inline void *silt_array_at(const struct silt_array *array, size_t index)
{
    return (char *)array->items + index * array->item_size;
}

/* Frees the items (not what they point to); item_size stays, so the array may be used again. */
void silt_array_clear(struct silt_array *array);

#endif
