/*
 * buffer.c: a byte array that doubles.
 */
#include "base/buffer.h"

#include "base/error.h"

#include <stdlib.h>

enum silt_status silt_buffer_reserve(struct silt_buffer *buffer, size_t size, struct silt_error *error)
{
    if (size <= buffer->capacity)
        return SILT_OK;
    size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
    while (capacity < size) {
        if (capacity > SIZE_MAX / 2)
            return silt_error_memory(error);
        capacity *= 2;
    }
    uint8_t *data = realloc(buffer->data, capacity);
    if (data == NULL)
        return silt_error_memory(error);
    buffer->data = data;
    buffer->capacity = capacity;
    return SILT_OK;
}

enum silt_status silt_buffer_append(struct silt_buffer *buffer, struct silt_span bytes,
                                    struct silt_error *error)
{
    if (bytes.size > SIZE_MAX - buffer->size)
        return silt_error_memory(error);
    enum silt_status status = silt_buffer_reserve(buffer, buffer->size + bytes.size, error);
    if (status != SILT_OK || bytes.size == 0)
        return status;
    memcpy(buffer->data + buffer->size, bytes.data, bytes.size);
    buffer->size += bytes.size;
    return SILT_OK;
}

void silt_buffer_drop(struct silt_buffer *buffer, size_t size)
{
    if (size > buffer->size)
        size = buffer->size;
    buffer->size -= size;
    if (buffer->size > 0)
        memmove(buffer->data, buffer->data + size, buffer->size);
}

void silt_buffer_clear(struct silt_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct silt_buffer){0};
}

void silt_buffer_wipe(struct silt_buffer *buffer)
{
    if (buffer->data != NULL)
        explicit_bzero(buffer->data, buffer->capacity);
    silt_buffer_clear(buffer);
}
