/*
 * xz.c: the .xz format (tukaani.org/xz/xz-file-format.txt), one or more streams with padding between them.
 */
#include "stream/codec.h"
#include "stream/lzma_decoder.h"

/* Stream Header (2.1.1): the magic, then flags of which the first byte and the high half of the second are 0.
 */
static bool is_xz(struct silt_span head)
{
    static const uint8_t magic[6] = {0xfd, '7', 'z', 'X', 'Z', 0};
    if (head.size < sizeof magic || memcmp(head.data, magic, sizeof magic) != 0)
        return false;
    return head.size < 8 || (head.data[6] == 0 && head.data[7] < 16);
}

static lzma_ret start(lzma_stream *state, uint64_t max_memory)
{
    return lzma_stream_decoder(state, max_memory, 0);
}

static enum silt_status xz_open(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                                struct silt_error *error)
{
    static const struct silt_lzma_format format = {"xz", 8, is_xz, start, true};
    return silt_lzma_decoder_open(inner, &format, max_memory, out, error);
}

const struct silt_codec silt_xz_codec = {"xz", ".xz", 6, is_xz, xz_open};
