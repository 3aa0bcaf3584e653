/*
 * liblzma.c: liblzma as a decoder.
 */
#include "stream/liblzma.h"

#include "base/error.h"

#include <inttypes.h>

static enum silt_status refuse(struct silt_liblzma *lzma, lzma_ret code, struct silt_error *error)
{
    const char *name = lzma->decoder.ops->name;
    switch (code) {
    case LZMA_MEM_ERROR:
        return silt_error_memory(error);
    case LZMA_MEMLIMIT_ERROR:
        return silt_error_set(error, SILT_ERR_LIMIT,
                              "%s asks for %" PRIu64 " bytes of memory, the limit is %" PRIu64, name,
                              lzma_memusage(&lzma->state), lzma->decoder.max_memory);
    case LZMA_OPTIONS_ERROR:
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "%s uses a filter that is not supported", name);
    case LZMA_FORMAT_ERROR:
        return silt_error_set(error, SILT_ERR_CORRUPT, "damaged %s: bad header", name);
    default:
        return silt_error_set(error, SILT_ERR_CORRUPT, "damaged %s: bad data or checksum", name);
    }
}

enum silt_status silt_liblzma_begun(struct silt_decoder *decoder, lzma_ret code, struct silt_error *error)
{
    if (code != LZMA_OK)
        return refuse((struct silt_liblzma *)decoder, code, error);
    decoder->in_member = true;
    return SILT_OK;
}

enum silt_status silt_liblzma_step(struct silt_decoder *decoder, struct silt_decoder_step *step,
                                   struct silt_error *error)
{
    struct silt_liblzma *lzma = (struct silt_liblzma *)decoder;
    lzma->state.next_in = step->input.data;
    lzma->state.avail_in = step->input.size;
    lzma->state.next_out = step->room;
    lzma->state.avail_out = step->size;
    lzma_ret code = lzma_code(&lzma->state, LZMA_RUN);
    step->used = step->input.size - lzma->state.avail_in;
    step->made = step->size - lzma->state.avail_out;
    if (code == LZMA_STREAM_END)
        return SILT_END;
    /* BUF_ERROR is "no progress", which the decoder sees for itself. */
    return code == LZMA_OK || code == LZMA_BUF_ERROR ? SILT_OK : refuse(lzma, code, error);
}

void silt_liblzma_close(struct silt_decoder *decoder)
{
    lzma_end(&((struct silt_liblzma *)decoder)->state);
}

enum silt_status silt_liblzma_open(const struct silt_decoder_ops *ops, struct silt_stream *inner,
                                   uint64_t max_memory, struct silt_stream **out, struct silt_error *error)
{
    struct silt_decoder *decoder;
    enum silt_status status =
        silt_decoder_new(sizeof(struct silt_liblzma), ops, inner, max_memory, &decoder, error);
    if (status != SILT_OK)
        return status;
    ((struct silt_liblzma *)decoder)->state = (lzma_stream)LZMA_STREAM_INIT;
    *out = silt_decoder_stream(decoder);
    return SILT_OK;
}
