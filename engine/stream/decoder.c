/*
 * decoder.c: one member after another.
 */
#include "stream/decoder.h"

#include "base/error.h"

#include <stdlib.h>

/*
 * Measured on a 600 MB tar, gzip -6 and zstd -3: 256 KiB to 2 MiB of output make no difference, 128 KiB costs
 * zstd 7 %. So the smallest, which stays in the second-level cache until it is matched. It also has to hold
 * the 66 KiB that ISA-L may still have when it finds damage, beside a tail of 64 KiB. Input comes in pieces
 * as the inner stream has them, but for short tails, for which the libraries would be called in vain.
 */
enum { OUT_SIZE = 256 * 1024, IN_WANT = 16 * 1024 };

/* OK: a member was begun or something skipped. END: no further member, and the inner stream stands behind the
 * last. */
static enum silt_status begin_member(struct silt_decoder *decoder, struct silt_error *error)
{
    const struct silt_decoder_ops *ops = decoder->ops;
    struct silt_span head;
    enum silt_status status = SILT_OK;
    if (!decoder->is_first && ops->skip != NULL)
        status = ops->skip(decoder, error);
    if (status == SILT_OK)
        status = silt_stream_peek(decoder->inner, ops->head_size, &head, error);
    if (decoder->is_first && (status == SILT_END || (status == SILT_OK && head.size < ops->magic_size)))
        status = silt_stream_need(decoder->inner, ops->magic_size, ops->name, &head, error);
    if (status != SILT_OK)
        return status;
    if (!ops->is_next(head))
        return decoder->is_first ? silt_error_set(error, SILT_ERR_CORRUPT, "not %s", ops->name) : SILT_END;
    status = ops->begin(decoder, head, error);
    if (status == SILT_OK)
        decoder->is_first = false;
    return status;
}

/* A library may still hold output when the input has ended or failed: that is only believed when nothing
 * moves. */
static enum silt_status run_step(struct silt_decoder *decoder, struct silt_decoder_step *step,
                                 struct silt_error *error)
{
    enum silt_status below = silt_stream_peek(decoder->inner, IN_WANT, &step->input, error);
    if (below != SILT_OK)
        step->input = (struct silt_span){NULL, 0};
    step->input = silt_span_slice(step->input, 0, INT32_MAX);
    enum silt_status status = decoder->ops->step(decoder, step, error);
    if (step->used > 0 && step->used <= step->input.size)
        silt_stream_consume(decoder->inner, step->used);
    if (status != SILT_OK || step->made > 0 || step->used > 0)
        return status;
    if (below == SILT_END)
        return silt_error_set(error, SILT_ERR_CORRUPT, "truncated %s data", decoder->ops->name);
    if (below == SILT_OK)
        return silt_error_set(error, SILT_ERR_CORRUPT, "damaged %s: no progress", decoder->ops->name);
    return below;
}

static enum silt_status decoder_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                     struct silt_error *error)
{
    struct silt_decoder *decoder = (struct silt_decoder *)refill;
    while (!decoder->in_member) {
        enum silt_status status = begin_member(decoder, error);
        if (status != SILT_OK)
            return status;
    }
    struct silt_decoder_step step = {.room = room, .size = size < INT32_MAX ? size : INT32_MAX};
    enum silt_status status = run_step(decoder, &step, error);
    *made = step.made;
    if (status != SILT_END)
        return status;
    decoder->in_member = false;
    return decoder->ops->finish != NULL ? decoder->ops->finish(decoder, error) : SILT_OK;
}

static void decoder_close(struct silt_refill *refill)
{
    struct silt_decoder *decoder = (struct silt_decoder *)refill;
    if (decoder->ops->close != NULL)
        decoder->ops->close(decoder);
}

static const struct silt_refill_ops decoder_ops = {decoder_fill, decoder_close};

enum silt_status silt_decoder_new(size_t size, const struct silt_decoder_ops *ops, struct silt_stream *inner,
                                  uint64_t max_memory, struct silt_decoder **out, struct silt_error *error)
{
    struct silt_decoder *decoder = malloc(size);
    if (decoder == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_refill_init(&decoder->refill, &decoder_ops, OUT_SIZE, error);
    if (status != SILT_OK) {
        free(decoder);
        return status;
    }
    decoder->ops = ops;
    decoder->inner = inner;
    decoder->max_memory = max_memory > 0 ? max_memory : UINT64_MAX;
    decoder->is_first = true;
    decoder->in_member = false;
    *out = decoder;
    return SILT_OK;
}
