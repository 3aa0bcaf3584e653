/*
 * lzma.c: the older .lzma format of LZMA Utils (xz's doc/lzma-file-format.txt). It has no magic, no checksum
 * and no second stream, so it is the last in codecs.def and only what its writers really write is taken for
 * it.
 */
#include "stream/codec.h"
#include "stream/liblzma.h"

enum { HEADER_SIZE = 13 };

/* Default properties (lc 3, lp 0, pb 2), a dictionary of 64 KiB or more that is 2^n or 2^n + 2^(n-1), a
 * length that is unknown or below 256 GiB, and the range coder's first byte, which is always 0. */
static bool is_lzma(struct silt_span head)
{
    if (head.size <= HEADER_SIZE || head.data[0] != 0x5d || head.data[HEADER_SIZE] != 0)
        return false;
    uint64_t dictionary = silt_decoder_number(head.data + 1, 4),
             length = silt_decoder_number(head.data + 5, 8);
    uint64_t rest = dictionary & (dictionary - 1); /* without its lowest bit */
    bool is_usual = rest == 0 || rest / 2 == (dictionary ^ rest);
    bool is_length = length == UINT64_MAX || length < (uint64_t)1 << 38;
    return dictionary >= 64 * 1024 && is_usual && is_length;
}

/* END instead of a second stream. */
static enum silt_status skip_none(struct silt_decoder *decoder, struct silt_error *error)
{
    (void)decoder;
    (void)error;
    return SILT_END;
}

static enum silt_status begin(struct silt_decoder *decoder, struct silt_span head, struct silt_error *error)
{
    (void)head;
    lzma_stream *state = &((struct silt_liblzma *)decoder)->state;
    return silt_liblzma_begun(decoder, lzma_alone_decoder(state, decoder->max_memory), error);
}

static const struct silt_decoder_ops lzma_ops = {
    .name = "lzma",
    .magic_size = HEADER_SIZE + 1,
    .head_size = HEADER_SIZE + 1,
    .is_next = is_lzma,
    .skip = skip_none,
    .begin = begin,
    .step = silt_liblzma_step,
    .close = silt_liblzma_close,
};

static enum silt_status lzma_open(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                                  struct silt_error *error)
{
    return silt_liblzma_open(&lzma_ops, inner, max_memory, out, error);
}

const struct silt_codec silt_lzma_codec = {"lzma", ".lzma", HEADER_SIZE + 1, is_lzma, lzma_open};
