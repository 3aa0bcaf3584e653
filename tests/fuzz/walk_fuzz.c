/*
 * walk_fuzz.c: any bytes as a file: every entry is read, nothing crashes, nothing grows.
 */
#include "archive/walk.h"
#include "stream/memory.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *context, const struct silt_skip *skip)
{
    (void)context;
    (void)skip;
}

static void read_entries(struct silt_walk *walk)
{
    enum { TOTAL_MAX = 64 * 1024 * 1024 };
    struct silt_entry entry;
    uint64_t total = 0;
    while (total < TOTAL_MAX && silt_walk_next(walk, &entry, NULL) == SILT_OK) {
        struct silt_span bytes;
        while (entry.content != NULL && total < TOTAL_MAX &&
               silt_stream_peek(entry.content, 1, &bytes, NULL) == SILT_OK) {
            total += bytes.size;
            silt_stream_consume(entry.content, bytes.size);
        }
        total++;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct silt_walk_limits limits = {4, 16 << 20, 100, 32 << 20};
    const struct silt_report report = {NULL, ignore};
    struct silt_walk *walk;
    struct silt_stream *stream;
    if (silt_walk_new(&limits, &report, &walk, NULL) != SILT_OK)
        return 0;
    for (int root = SILT_WALK_TAR; root <= SILT_WALK_FILE; root++) {
        if (silt_memory_open(silt_span_of(data, size), &stream, NULL) != SILT_OK)
            break;
        const struct silt_walk_source source = {
            .stream = stream, .root = root, .name = silt_span_text("input")};
        if (silt_walk_open(walk, &source, NULL) == SILT_OK)
            read_entries(walk);
        silt_stream_free(stream);
    }
    silt_walk_free(walk);
    return 0;
}
