/*
 * gather.c: see gather.h.
 */
#include "match/gather.h"

#include "base/error.h"

#include <stdlib.h>

enum silt_status silt_gather_begin(struct silt_gather *gather, size_t size, struct silt_error *error)
{
    gather->size = gather->count = gather->source_end = 0;
    if (size <= gather->capacity)
        return SILT_OK;
    silt_gather_clear(gather);
    gather->bytes = malloc(size);
    gather->pieces = malloc((size / SILT_GATHER_PIECE_MIN + 1) * sizeof *gather->pieces);
    if (gather->bytes == NULL || gather->pieces == NULL) {
        silt_gather_clear(gather);
        return silt_error_memory(error);
    }
    gather->capacity = size;
    return SILT_OK;
}

void silt_gather_put(struct silt_gather *gather, struct silt_span window, size_t start, size_t end)
{
    if (gather->count > 0 && start <= gather->source_end) {
        start = gather->source_end;
        if (end <= start)
            return;
    } else {
        if (gather->count > 0)
            gather->bytes[gather->size++] = '\0';
        gather->pieces[gather->count++] =
            (struct silt_gather_piece){.at = (uint32_t)gather->size, .source = (uint32_t)start};
    }
    memcpy(gather->bytes + gather->size, window.data + start, end - start);
    gather->size += end - start;
    gather->source_end = end;
}

size_t silt_gather_source(const struct silt_gather *gather, size_t end, size_t *cursor)
{
    const struct silt_gather_piece *pieces = gather->pieces;
    while (*cursor > 0 && pieces[*cursor].at >= end)
        --*cursor;
    while (*cursor + 1 < gather->count && pieces[*cursor + 1].at < end)
        ++*cursor;
    return pieces[*cursor].source + (end - pieces[*cursor].at);
}

void silt_gather_clear(struct silt_gather *gather)
{
    free(gather->bytes);
    free(gather->pieces);
    *gather = (struct silt_gather){0};
}
