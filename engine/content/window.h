/*
 * window.h: content cut into contiguous windows, each matched in one call.
 *
 * A candidate belongs to the window in which it ends, at a position in (first, last]. Up to
 * SILT_WINDOW_MARGIN bytes stand before `first` and after `last` (fewer only at the start and the end of the
 * content), so that whoever confirms a candidate sees the whole secret and its neighbourhood, and a cut
 * invents no word boundary. The parts (first, last] of one content's windows follow each other without gap or
 * overlap; position 0 counts as inside the first.
 *
 * Content of less than SILT_STREAM_PEEK_MAX bytes is handed out in place, without a copy, unless it is
 * UTF-16. UTF-16 is never cut inside a character.
 */
#ifndef SILT_CONTENT_WINDOW_H
#define SILT_CONTENT_WINDOW_H

#include "content/encoding.h"
#include "stream/stream.h"

/* No signature may be wider (PEM bodies are the widest: an 8192-bit RSA key takes 6.4 KiB). */
enum { SILT_WINDOW_MARGIN = 16 * 1024, SILT_WINDOW_SIZE = 1024 * 1024 };

struct silt_window {
    const uint8_t *bytes; /* UTF-16 comes as UTF-8 */
    size_t size;
    size_t first, last;  /* in bytes */
    uint64_t offset;     /* of bytes[0] in the content handed to match (after decoding) */
    uint64_t line;       /* 1-based line of bytes[0] */
    uint64_t line_start; /* offset at which that line begins */
    enum silt_encoding encoding;
};

/* Cuts one content after another; holds the buffers. Belongs to one thread. */
struct silt_windower;

/* Makes a windower with its buffer, the only memory it ever takes. Free it with silt_windower_free. */
SILT_MUST_USE enum silt_status silt_windower_new(struct silt_windower **out, struct silt_error *error);

/* For tests and tuning: another window size (1 to SILT_WINDOW_SIZE; margins are kept as they are). */
void silt_windower_set_size(struct silt_windower *windower, size_t size);

/* Begins a content. The stream is borrowed until the last window was handed out. */
void silt_windower_open(struct silt_windower *windower, struct silt_stream *stream);

/* The next window, valid until the next call; END behind the last (an empty content has none). When the
 * stream fails, the bytes before the failure are handed out first as windows, then the failure is answered.
 */
SILT_MUST_USE enum silt_status silt_windower_next(struct silt_windower *windower, struct silt_window *out,
                                                  struct silt_error *error);

/* Where in the undecoded content a position of the current window stands. */
uint64_t silt_windower_raw_offset(const struct silt_windower *windower, const struct silt_window *window,
                                  size_t position);

/* All bytes consumed for the current content, if they are still at hand as they came; false if not. */
bool silt_windower_taken(const struct silt_windower *windower, struct silt_span *out);

/* Bytes of content consumed for the current content, undecoded. */
uint64_t silt_windower_consumed(const struct silt_windower *windower);

/* Frees the windower, not the stream; NULL is allowed. */
void silt_windower_free(struct silt_windower *windower);

#endif
