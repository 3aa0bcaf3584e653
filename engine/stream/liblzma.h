/*
 * liblzma.h: what the two formats of liblzma, .xz and the older .lzma, have in common as decoders.
 */
#ifndef SILT_STREAM_LIBLZMA_H
#define SILT_STREAM_LIBLZMA_H

#include "stream/decoder.h"

#include <lzma.h>

/* First member of the formats' structs is the decoder; liblzma's state stands behind it. */
struct silt_liblzma {
    struct silt_decoder decoder;
    lzma_stream state;
};

/* As silt_decoder_new; the ops are the format's own, with the functions below in them. */
SILT_MUST_USE enum silt_status silt_liblzma_open(const struct silt_decoder_ops *ops,
                                                 struct silt_stream *inner, uint64_t max_memory,
                                                 struct silt_stream **out, struct silt_error *error);

/* Ends `begin`: code is what liblzma answered to the start of a member. */
SILT_MUST_USE enum silt_status silt_liblzma_begun(struct silt_decoder *decoder, lzma_ret code,
                                                  struct silt_error *error);

/* `step` and `close` of struct silt_decoder_ops. */
SILT_MUST_USE enum silt_status silt_liblzma_step(struct silt_decoder *decoder, struct silt_decoder_step *step,
                                                 struct silt_error *error);
void silt_liblzma_close(struct silt_decoder *decoder);

#endif
