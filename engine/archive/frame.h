/*
 * frame.h: one container on the walk's stack: a stream that is decoded if it is compressed, read by
 * libarchive if it is an archive, and matched raw where it is neither.
 */
#ifndef SILT_ARCHIVE_FRAME_H
#define SILT_ARCHIVE_FRAME_H

#include "archive/raw.h"
#include "archive/reader.h"
#include "archive/walk.h"
#include "stream/codec.h"

/* What a head of bytes is. At most one is set. */
struct silt_frame_guess {
    const struct silt_codec *codec;
    const struct silt_format *format;
};

enum silt_frame_step {
    SILT_FRAME_LOOK, /* decide what stands at the front of `stored` */
    SILT_FRAME_BODY, /* decide what stands at the front of `body` */
    SILT_FRAME_READ, /* entries come from the reader */
    SILT_FRAME_TAIL, /* what is left of `body` */
    SILT_FRAME_REST, /* what is left of `stored` behind a decoder's end */
    SILT_FRAME_DONE,
};

struct silt_walk;

struct silt_frame {
    struct silt_walk *walk;
    struct silt_stream *stored; /* putback over the stream handed in */
    const struct silt_codec *codec;
    struct silt_stream *decoder, *limit, *decoded; /* decoded: putback over limit over decoder */
    struct silt_stream *body;                      /* stored or decoded; borrowed */
    struct silt_buffer name;                       /* clean path in the container around it */
    struct silt_buffer inner;                      /* name of the one file in a compressed stream */
    struct silt_buffer entry_path;                 /* clean path of the entry at hand */
    struct silt_buffer entry_link;
    size_t chain_count;     /* containers around its entries */
    size_t container_count; /* containers around itself */
    bool is_tar;            /* by decree: SILT_WALK_TAR */
    bool is_begun;          /* a part of it was recognised and handed out */
    bool is_failed;         /* the decoder did not reach its end; reported */
    struct silt_losses losses;
    unsigned rest_count;  /* compressed streams tried behind the first one */
    uint64_t rest_bytes;  /* behind the first compressed stream, not zero padding */
    uint64_t rest_offset; /* of the first of them */
    enum silt_frame_step step;
    struct silt_gap gap;
    struct silt_raw raw;
    const struct silt_format *format; /* of the reader */
    struct silt_reader *reader;
    struct silt_buffer held; /* HELD formats: the whole container */
    struct silt_stream *held_stream;
};

/* What a stream's head is, by content. The head is peeked at. OK, also for an empty stream. */
SILT_MUST_USE enum silt_status silt_frame_guess(struct silt_stream *stream, struct silt_frame_guess *out,
                                                struct silt_error *error);

/* A frame over a stream, which must outlive it; the name is copied. */
SILT_MUST_USE enum silt_status silt_frame_open(struct silt_stream *stream, struct silt_span name,
                                               struct silt_frame **out, struct silt_error *error);

/* Opens the decoder over `stored`: body is what comes out of it. */
SILT_MUST_USE enum silt_status silt_frame_decode(struct silt_frame *frame, const struct silt_codec *codec,
                                                 const struct silt_walk_limits *limits,
                                                 struct silt_error *error);

/* Opens a reader over body; setup comes with complaint and locale. */
SILT_MUST_USE enum silt_status silt_frame_read(struct silt_frame *frame, struct silt_reader_setup *setup,
                                               struct silt_error *error);

/* Reads the whole body into `held`; LIMIT if it is more than max_size: all bytes are then back in the body.
 */
SILT_MUST_USE enum silt_status silt_frame_hold(struct silt_frame *frame, uint64_t max_size,
                                               struct silt_error *error);

/* Frees the reader and what was held for it. */
void silt_frame_close_reader(struct silt_frame *frame);

/* Frees the decoder and the streams over it; body is NULL then. */
void silt_frame_close_decoder(struct silt_frame *frame);

/* Frees the frame, not the stream it was opened over; NULL is allowed. */
void silt_frame_free(struct silt_frame *frame);

#endif
