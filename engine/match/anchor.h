/*
 * anchor.h: the texts that Hyperscan looks for in place of a full pattern.
 *
 * An anchor set is a few short texts of which every match of the pattern holds one, at a known distance from
 * where it starts: the match starts `least` to `most` bytes before the text's end. Looking for texts alone is
 * what Hyperscan does fastest, whatever their number (README.md has the measurement), and the confirm step
 * finds the rest.
 */
#ifndef SILT_MATCH_ANCHOR_H
#define SILT_MATCH_ANCHOR_H

#include "base/array.h"
#include "match/shape.h"

enum { SILT_ANCHOR_SIZE_MAX = 16 };

/* Numbers in place of truth values: plans come from files (plan_file.h), which may hold any bytes. */
struct silt_anchor {
    uint8_t bytes[SILT_ANCHOR_SIZE_MAX]; /* in lower case where is_caseless */
    uint8_t size;
    uint8_t is_caseless; /* letters stand for both cases */
    uint8_t needs_at;    /* only where an "@" follows before what ends an authority (shape.h) */
};

struct silt_anchors {
    struct silt_array items;  /* struct silt_anchor; none: the pattern has no such texts */
    uint32_t least, most;     /* from a match's start to an anchor's end, in bytes */
    uint32_t follow;          /* value bytes (values.h) that follow each anchor at least */
    struct silt_charset next; /* bytes of which one follows each anchor, unless the match ends there */
    uint32_t head;           /* the anchor's end stands in the first so many parts of the pattern that consume
                                bytes, as children of its tree; 0: not known */
    double rate;             /* how often they stand in text, a guess in hits per MB */
    bool is_caseless;        /* one of them is */
    uint32_t width;          /* most bytes that the pattern matches; UINT32_MAX: unbounded or not known */
    struct silt_shape shape; /* of the pattern */
};

/* Derives the best anchors of a pattern; `hint`, unless "", is a pattern (a signature's "prefilter") that
 * begins to match where the pattern does and gives the anchors in its place. No anchors is no failure:
 * patterns that silt does not understand and those without fixed bytes have none. SILT_ERR_USAGE for a
 * pattern that matches the empty text. Clear `out` in any case. */
SILT_MUST_USE enum silt_status silt_anchor_derive(const char *pattern, const char *hint,
                                                  struct silt_anchors *out, struct silt_error *error);

/* Frees what they hold and leaves them zero. */
void silt_anchor_clear(struct silt_anchors *anchors);

#endif
