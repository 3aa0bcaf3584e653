/*
 * lzma.c: the older .lzma format of LZMA Utils (xz's doc/lzma-file-format.txt). It has no magic, no checksum
 * and no second stream, so it is the last in codecs.def and only what its writers really write is taken for
 * it.
 */
#include "stream/codec.h"
#include "stream/lzma_decoder.h"

enum { HEADER_SIZE = 13 };

static uint64_t little_endian(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

/* Default properties (lc 3, lp 0, pb 2), a dictionary of 64 KiB or more that is 2^n or 2^n + 2^(n-1), a
 * length that is unknown or below 256 GiB, and the range coder's first byte, which is always 0. */
static bool is_lzma(struct silt_span head)
{
    if (head.size <= HEADER_SIZE || head.data[0] != 0x5d || head.data[HEADER_SIZE] != 0)
        return false;
    uint64_t dictionary = little_endian(head.data + 1, 4), length = little_endian(head.data + 5, 8);
    uint64_t rest = dictionary & (dictionary - 1); /* without its lowest bit */
    bool is_usual = rest == 0 || rest / 2 == (dictionary ^ rest);
    bool is_length = length == UINT64_MAX || length < (uint64_t)1 << 38;
    return dictionary >= 64 * 1024 && is_usual && is_length;
}

static lzma_ret start(lzma_stream *state, uint64_t max_memory)
{
    return lzma_alone_decoder(state, max_memory);
}

static enum silt_status lzma_open(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                                  struct silt_error *error)
{
    static const struct silt_lzma_format format = {"lzma", HEADER_SIZE + 1, is_lzma, start, false};
    return silt_lzma_decoder_open(inner, &format, max_memory, out, error);
}

const struct silt_codec silt_lzma_codec = {"lzma", ".lzma", HEADER_SIZE + 1, is_lzma, lzma_open};
