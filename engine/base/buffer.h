/*
 * buffer.h: bytes that grow and that their holder owns. Wiped when freed if they held secrets.
 */
#ifndef SILT_BASE_BUFFER_H
#define SILT_BASE_BUFFER_H

#include "base/span.h"

/* Zero-initialise. `data[0..size)` are the bytes. */
struct silt_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* Makes room for `size` bytes in all. */
SILT_MUST_USE enum silt_status silt_buffer_reserve(struct silt_buffer *buffer, size_t size,
                                                   struct silt_error *error);

/* Appends bytes; the span must not lie in the buffer itself. */
SILT_MUST_USE enum silt_status silt_buffer_append(struct silt_buffer *buffer, struct silt_span bytes,
                                                  struct silt_error *error);

/* Drops the first `size` bytes. */
void silt_buffer_drop(struct silt_buffer *buffer, size_t size);

/* The bytes as a borrowed span. */
static inline struct silt_span silt_buffer_span(const struct silt_buffer *buffer)
{
    return (struct silt_span){buffer->data, buffer->size};
}

/* Frees the bytes; the buffer may be used again. */
void silt_buffer_clear(struct silt_buffer *buffer);

/* Overwrites, then frees. */
void silt_buffer_wipe(struct silt_buffer *buffer);

#endif
