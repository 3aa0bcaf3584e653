/*
 * codec.h: compression formats, each a stream over a stream; codecs.def lists them.
 *
 * A decoder consumes from its inner stream exactly what belongs to its format: all members or frames that
 * follow each other directly (zero padding between gzip members included), and answers END in front of the
 * first byte that does not. What is left on the inner stream is for the caller to look at. Checksums and
 * lengths in the format are checked; a bad one is SILT_ERR_CORRUPT after the bytes it covers, truncation
 * likewise.
 */
#ifndef SILT_STREAM_CODEC_H
#define SILT_STREAM_CODEC_H

#include "stream/stream.h"

/* `open` makes a decoder over `inner`, which it borrows; nothing is read before the first peek. `max_memory`
 * is the most a format may ask for (window, dictionary); 0 is no limit. More is SILT_ERR_LIMIT, from peek. */
struct silt_codec {
    const char *name;                        /* "gzip", "zstd", "xz", "bzip2" */
    const char *suffix;                      /* ".gz": taken off a name for the file inside */
    size_t magic_size;                       /* bytes that is_codec wants to see */
    bool (*is_codec)(struct silt_span head); /* by magic and plausible header fields */
    enum silt_status (*open)(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                             struct silt_error *error);
};

/* The codec whose magic `head` starts with, or NULL. 32 bytes are enough. */
const struct silt_codec *silt_codec_find(struct silt_span head);

/* The codec with a name, or NULL. */
const struct silt_codec *silt_codec_named(const char *name);

/* The codecs themselves, one a file: silt_gzip_codec in gzip.c and so on. */
#define SILT_CODEC(name) extern const struct silt_codec silt_##name##_codec;
#include "stream/codecs.def"
#undef SILT_CODEC

#endif
