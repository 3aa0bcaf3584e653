/*
 * ledger.c: see ledger.h.
 */
#include "archive/ledger.h"

#include "archive/putback.h"
#include "base/error.h"

/* CHUNK_SIZE bounds what a hostile header can make libarchive do before it asks for more. A sparse map costs
 * libarchive about 40 bytes for each byte of it: 100,000 marks are 50,000 extents and 4 MiB. One header has
 * at most 1 MiB of names and attributes in libarchive, and gaps that it skips in one call (garbage in a zip)
 * are held here. */
enum { CHUNK_SIZE = 512 * 1024, WEIGHT_MAX = 100 * 1000, HEADER_MAX = 4 * 1024 * 1024 };

void silt_ledger_open(struct silt_ledger *ledger, struct silt_stream *input, struct silt_gap *gap,
                      const struct silt_check_ops *check)
{
    ledger->input = input;
    ledger->gap = gap;
    ledger->check.ops = check;
    ledger->base = input->offset;
}

static enum silt_status fail(struct silt_ledger *ledger, enum silt_status status)
{
    ledger->status = status;
    return status;
}

static enum silt_status put_gap(struct silt_ledger *ledger, struct silt_span bytes)
{
    const struct silt_check_ops *ops = ledger->check.ops;
    if (ops != NULL && ledger->phase == SILT_LEDGER_KNOWN)
        ops->content(&ledger->check, ledger->settled, bytes.size);
    else if (ops != NULL)
        ops->gap(&ledger->check, ledger->settled, bytes);
    enum silt_status status =
        silt_gap_put(ledger->gap, ledger->base + ledger->settled, bytes, &ledger->error);
    ledger->settled += bytes.size;
    return status == SILT_OK ? SILT_OK : fail(ledger, status);
}

/* Bytes from `settled` that stand together in memory, at most up to `to`. */
static struct silt_span unsettled(const struct silt_ledger *ledger, uint64_t to)
{
    struct silt_span part = ledger->chunk;
    uint64_t start = ledger->chunk_offset;
    if (ledger->settled < ledger->chunk_offset) {
        part = silt_buffer_span(&ledger->tail);
        start -= part.size;
    }
    return silt_span_slice(part, (size_t)(ledger->settled - start), (size_t)(to - ledger->settled));
}

static enum silt_status settle_gap(struct silt_ledger *ledger, uint64_t to)
{
    while (ledger->settled < to) {
        struct silt_span bytes = unsettled(ledger, to);
        if (bytes.size == 0)
            return SILT_OK;
        enum silt_status status = put_gap(ledger, bytes);
        if (status != SILT_OK)
            return status;
    }
    if (ledger->settled >= ledger->chunk_offset)
        ledger->tail.size = 0;
    return SILT_OK;
}

static void skip_to(struct silt_ledger *ledger, uint64_t to)
{
    if (to <= ledger->settled)
        return;
    if (ledger->check.ops != NULL)
        ledger->check.ops->content(&ledger->check, ledger->settled, to - ledger->settled);
    ledger->settled = to;
    if (to >= ledger->chunk_offset)
        ledger->tail.size = 0;
}

enum silt_status silt_ledger_settle(struct silt_ledger *ledger, uint64_t position)
{
    if (ledger->phase != SILT_LEDGER_PACKED)
        return settle_gap(ledger, position);
    skip_to(ledger, position);
    return SILT_OK;
}

enum silt_status silt_ledger_content(struct silt_ledger *ledger, uint64_t offset, uint64_t size)
{
    enum silt_status status = settle_gap(ledger, offset);
    if (status == SILT_OK)
        skip_to(ledger, offset + size);
    return status;
}

/* Keeps what is not settled of the chunk, which is about to go. */
static enum silt_status keep_tail(struct silt_ledger *ledger)
{
    uint64_t tail_offset = ledger->chunk_offset - ledger->tail.size;
    if (ledger->settled > tail_offset && ledger->settled < ledger->chunk_offset)
        silt_buffer_drop(&ledger->tail, (size_t)(ledger->settled - tail_offset));
    uint64_t start = ledger->settled > ledger->chunk_offset ? ledger->settled - ledger->chunk_offset : 0;
    struct silt_span rest = silt_span_slice(ledger->chunk, (size_t)start, ledger->chunk.size);
    if (ledger->check.ops != NULL)
        ledger->check.ops->pending(&ledger->check, rest);
    return silt_buffer_append(&ledger->tail, rest, &ledger->error);
}

static bool is_too_much(struct silt_ledger *ledger)
{
    if (ledger->check.weight > WEIGHT_MAX) {
        silt_error_set(&ledger->error, SILT_ERR_LIMIT, "a sparse map has more than 50000 extents");
        return true;
    }
    if (ledger->tail.size + ledger->gap->bytes.size > HEADER_MAX) {
        silt_error_set(&ledger->error, SILT_ERR_LIMIT, "more than 4 MiB belong to no entry");
        return true;
    }
    return false;
}

static void drop_chunk(struct silt_ledger *ledger)
{
    silt_stream_consume(ledger->input, ledger->chunk.size);
    ledger->chunk_offset += ledger->chunk.size;
    ledger->chunk.size = 0;
}

static enum silt_status next_chunk(struct silt_ledger *ledger)
{
    struct silt_span bytes;
    enum silt_status status = silt_stream_peek(ledger->input, 1, &bytes, &ledger->error);
    if (status != SILT_OK)
        return fail(ledger, status);
    ledger->chunk = silt_span_slice(bytes, 0, CHUNK_SIZE);
    return SILT_OK;
}

enum silt_status silt_ledger_pull(struct silt_ledger *ledger, uint64_t position, struct silt_span *out)
{
    enum silt_status status = silt_ledger_settle(ledger, position);
    if (status == SILT_OK)
        status = keep_tail(ledger);
    if (status != SILT_OK)
        return fail(ledger, status);
    drop_chunk(ledger); /* also where the limit ends it: what is kept of it goes back from the tail */
    if (ledger->phase != SILT_LEDGER_PACKED && is_too_much(ledger))
        return SILT_ERR_LIMIT;
    status = next_chunk(ledger);
    *out = ledger->chunk;
    return status;
}

enum silt_status silt_ledger_close(struct silt_ledger *ledger, uint64_t position)
{
    enum silt_status status = silt_ledger_settle(ledger, position);
    uint64_t used = ledger->settled > ledger->chunk_offset ? ledger->settled - ledger->chunk_offset : 0;
    silt_stream_consume(ledger->input, (size_t)used);
    ledger->chunk.size = 0;
    if (status != SILT_OK || ledger->settled >= ledger->chunk_offset)
        return status;
    size_t back = (size_t)(ledger->chunk_offset - ledger->settled);
    struct silt_span tail = silt_buffer_span(&ledger->tail);
    return silt_putback_put(ledger->input, silt_span_slice(tail, tail.size - back, back), &ledger->error);
}

void silt_ledger_clear(struct silt_ledger *ledger)
{
    silt_buffer_wipe(&ledger->tail);
}
