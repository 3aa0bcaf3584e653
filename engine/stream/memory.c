/*
 * memory.c: a stream over bytes in memory.
 */
#include "stream/memory.h"

#include "base/buffer.h"
#include "base/error.h"

#include <stdlib.h>

struct memory {
    struct silt_stream stream;
    struct silt_span rest;
    struct silt_buffer copy; /* empty if the bytes are borrowed */
};

static enum silt_status memory_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                    struct silt_error *error)
{
    (void)want;
    (void)error;
    struct memory *memory = (struct memory *)stream;
    if (memory->rest.size == 0)
        return SILT_END;
    *out = memory->rest;
    return SILT_OK;
}

static void memory_consume(struct silt_stream *stream, size_t size)
{
    struct memory *memory = (struct memory *)stream;
    memory->rest = silt_span_slice(memory->rest, size, memory->rest.size);
}

static void memory_free(struct silt_stream *stream)
{
    silt_buffer_wipe(&((struct memory *)stream)->copy);
    free(stream);
}

static const struct silt_stream_ops memory_ops = {memory_peek, memory_consume, memory_free};

enum silt_status silt_memory_open(struct silt_span bytes, struct silt_stream **out, struct silt_error *error)
{
    struct memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        return silt_error_memory(error);
    memory->stream.ops = &memory_ops;
    memory->rest = bytes;
    *out = &memory->stream;
    return SILT_OK;
}

enum silt_status silt_memory_open_copy(struct silt_span bytes, struct silt_stream **out,
                                       struct silt_error *error)
{
    enum silt_status status = silt_memory_open((struct silt_span){0}, out, error);
    if (status != SILT_OK)
        return status;
    struct memory *memory = (struct memory *)*out;
    status = silt_buffer_append(&memory->copy, bytes, error);
    if (status != SILT_OK) {
        memory_free(*out);
        return status;
    }
    memory->rest = silt_buffer_span(&memory->copy);
    return SILT_OK;
}
