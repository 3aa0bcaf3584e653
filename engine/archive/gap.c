/*
 * gap.c: see gap.h.
 */
#include "archive/gap.h"

#include "base/error.h"

/* 256 KiB are a window's worth; runs cost 16 bytes each. */
enum { FULL_SIZE = 256 * 1024, FULL_RUNS = 16 * 1024, OVERLAP = 16 * 1024, ZEROS_KEPT = 4 };

static enum silt_status begin_run(struct silt_gap *gap, uint64_t offset, struct silt_error *error)
{
    if (gap->runs.count > 0 && !gap->is_apart && gap->end == offset)
        return SILT_OK;
    bool is_side_by_side = gap->end == offset;
    if (gap->bytes.size > 0 && !is_side_by_side) {
        enum silt_status status = silt_buffer_append(&gap->bytes, silt_span_text("\n"), error);
        if (status != SILT_OK)
            return status;
    }
    struct silt_run *run = silt_array_put(&gap->runs);
    if (run == NULL)
        return silt_error_memory(error);
    *run = (struct silt_run){gap->bytes.size, offset};
    gap->is_apart = false;
    return SILT_OK;
}

static enum silt_status append(struct silt_gap *gap, uint64_t offset, struct silt_span bytes,
                               struct silt_error *error)
{
    enum silt_status status = begin_run(gap, offset, error);
    if (status == SILT_OK)
        status = silt_buffer_append(&gap->bytes, bytes, error);
    gap->end = offset + bytes.size;
    return status;
}

/* Bytes up to the next zero, or the zeros that stand first. */
static size_t piece_size(struct silt_span bytes)
{
    if (bytes.data[0] != 0) {
        const uint8_t *zero = memchr(bytes.data, 0, bytes.size);
        return zero != NULL ? (size_t)(zero - bytes.data) : bytes.size;
    }
    static const uint8_t zeros[64] = {0};
    size_t size = 1;
    while (bytes.size - size >= sizeof zeros && memcmp(bytes.data + size, zeros, sizeof zeros) == 0)
        size += sizeof zeros;
    while (bytes.size - size >= 8 && memcmp(bytes.data + size, zeros, 8) == 0)
        size += 8;
    while (size < bytes.size && bytes.data[size] == 0)
        size++;
    return size;
}

static enum silt_status put_zeros(struct silt_gap *gap, uint64_t offset, struct silt_span zeros,
                                  struct silt_error *error)
{
    size_t kept = gap->zeros < ZEROS_KEPT ? ZEROS_KEPT - gap->zeros : 0;
    if (kept > zeros.size)
        kept = zeros.size;
    gap->zeros += zeros.size;
    enum silt_status status = SILT_OK;
    if (kept > 0)
        status = append(gap, offset, silt_span_slice(zeros, 0, kept), error);
    if (kept < zeros.size)
        gap->is_apart = true;
    gap->end = offset + zeros.size;
    return status;
}

enum silt_status silt_gap_put(struct silt_gap *gap, uint64_t offset, struct silt_span bytes,
                              struct silt_error *error)
{
    if (gap->end != offset)
        gap->zeros = 0;
    enum silt_status status = SILT_OK;
    while (bytes.size > 0 && status == SILT_OK) {
        struct silt_span piece = silt_span_slice(bytes, 0, piece_size(bytes));
        if (piece.data[0] == 0) {
            status = put_zeros(gap, offset, piece, error);
        } else {
            gap->zeros = 0;
            status = append(gap, offset, piece, error);
        }
        offset += piece.size;
        bytes = silt_span_slice(bytes, piece.size, bytes.size);
    }
    return status;
}

bool silt_gap_is_full(const struct silt_gap *gap)
{
    return gap->bytes.size >= FULL_SIZE || gap->runs.count >= FULL_RUNS;
}

size_t silt_gap_cut(const struct silt_gap *gap)
{
    if (gap->runs.count == 0)
        return gap->bytes.size;
    const struct silt_run *last = silt_array_at(&gap->runs, gap->runs.count - 1);
    return last->content_offset > 0 ? (size_t)last->content_offset : gap->bytes.size;
}

uint64_t silt_gap_offset(const struct silt_gap *gap, uint64_t content_offset)
{
    size_t low = 0;
    size_t high = gap->runs.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        const struct silt_run *run = silt_array_at(&gap->runs, middle);
        if (run->content_offset <= content_offset)
            low = middle;
        else
            high = middle;
    }
    if (high == 0)
        return content_offset;
    const struct silt_run *run = silt_array_at(&gap->runs, low);
    return run->container_offset + (content_offset - run->content_offset);
}

/* The runs from the one that holds `size` on, moved to the front. */
static void take_runs(struct silt_gap *gap, size_t size)
{
    struct silt_run *runs = gap->runs.items;
    size_t kept = 0;
    for (size_t i = 0; i < gap->runs.count; i++) {
        bool is_over = i + 1 < gap->runs.count ? runs[i + 1].content_offset <= size : size >= gap->bytes.size;
        if (is_over)
            continue;
        struct silt_run run = runs[i];
        uint64_t cut = run.content_offset < size ? size - run.content_offset : 0;
        runs[kept++] = (struct silt_run){run.content_offset + cut - size, run.container_offset + cut};
    }
    gap->runs.count = kept;
}

void silt_gap_take(struct silt_gap *gap, size_t size, bool is_last)
{
    if (size == gap->bytes.size && !is_last && size > OVERLAP)
        size -= OVERLAP;
    take_runs(gap, size);
    silt_buffer_drop(&gap->bytes, size);
    if (gap->runs.count == 0)
        gap->is_apart = true;
}

void silt_gap_clear(struct silt_gap *gap)
{
    silt_buffer_wipe(&gap->bytes);
    silt_array_clear(&gap->runs);
}
