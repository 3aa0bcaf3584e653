/*
 * xz.c: the .xz format (tukaani.org/xz/xz-file-format.txt), one or more streams with padding between them.
 */
#include "stream/codec.h"
#include "stream/liblzma.h"

/* Stream Header (2.1.1): the magic, then flags of which the first byte and the high half of the second are 0.
 */
static bool is_xz(struct silt_span head)
{
    static const uint8_t magic[6] = {0xfd, '7', 'z', 'X', 'Z', 0};
    if (head.size < sizeof magic || memcmp(head.data, magic, sizeof magic) != 0)
        return false;
    return head.size < 8 || (head.data[6] == 0 && head.data[7] < 16);
}

/* Stream Padding (2.2): groups of four zeros. An incomplete group is not ours. */
static enum silt_status skip_padding(struct silt_decoder *decoder, struct silt_error *error)
{
    static const uint8_t zeros[4];
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(decoder->inner, sizeof zeros, &bytes, error);
        if (status != SILT_OK)
            return status;
        size_t size = 0;
        while (bytes.size - size >= sizeof zeros && memcmp(bytes.data + size, zeros, sizeof zeros) == 0)
            size += sizeof zeros;
        silt_stream_consume(decoder->inner, size);
        if (size == 0)
            return SILT_OK;
    }
}

static enum silt_status begin(struct silt_decoder *decoder, struct silt_span head, struct silt_error *error)
{
    (void)head;
    lzma_stream *state = &((struct silt_liblzma *)decoder)->state;
    return silt_liblzma_begun(decoder, lzma_stream_decoder(state, decoder->max_memory, 0), error);
}

static const struct silt_decoder_ops xz_ops = {
    .name = "xz",
    .magic_size = 8,
    .head_size = 8,
    .is_next = is_xz,
    .skip = skip_padding,
    .begin = begin,
    .step = silt_liblzma_step,
    .close = silt_liblzma_close,
};

static enum silt_status xz_open(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                                struct silt_error *error)
{
    return silt_liblzma_open(&xz_ops, inner, max_memory, out, error);
}

const struct silt_codec silt_xz_codec = {"xz", ".xz", 6, is_xz, xz_open};
