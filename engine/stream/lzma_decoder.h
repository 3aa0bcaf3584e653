/*
 * lzma_decoder.h: what the two formats of liblzma, .xz and the older .lzma, have in common.
 */
#ifndef SILT_STREAM_LZMA_DECODER_H
#define SILT_STREAM_LZMA_DECODER_H

#include "stream/stream.h"

#include <lzma.h>

struct silt_lzma_format {
    const char *name;
    size_t head_size;                       /* bytes that is_next wants to see */
    bool (*is_next)(struct silt_span head); /* whether a stream of this format begins here */
    lzma_ret (*start)(lzma_stream *state, uint64_t max_memory);
    bool is_repeatable; /* streams may follow each other, with zeros in groups of four between them */
};

/* A decoder for a format; as the open function in codec.h. */
SILT_MUST_USE enum silt_status silt_lzma_decoder_open(struct silt_stream *inner,
                                                      const struct silt_lzma_format *format,
                                                      uint64_t max_memory, struct silt_stream **out,
                                                      struct silt_error *error);

#endif
