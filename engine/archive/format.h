/*
 * format.h: container formats, each a row of formats.def: how a head of bytes is known, and how libarchive
 * reads it.
 */
#ifndef SILT_ARCHIVE_FORMAT_H
#define SILT_ARCHIVE_FORMAT_H

#include "base/span.h"

#include <stdbool.h>

struct archive;
struct silt_check_ops;

enum silt_format_use {
    SILT_FORMAT_STREAM,     /* libarchive reads it front to back */
    SILT_FORMAT_HELD,       /* libarchive must seek in it: it is held in memory */
    SILT_FORMAT_PREFIX,     /* a header (see prefix_size), then a stream that is looked at anew: rpm, jmod */
    SILT_FORMAT_UNREADABLE, /* known, but not read: reported, and its bytes matched as they are */
};

struct silt_format {
    const char *name;
    enum silt_format_use use;
    bool (*wants_more)(struct silt_span head); /* whether is_format can tell only with 64 KiB; may be NULL */
    bool (*is_format)(struct silt_span head);  /* strict: neither text nor programs may look like it */
    int (*support)(struct archive *archive);   /* STREAM, HELD: the one reader that libarchive is given */
    const char *options;                       /* for it, as in archive_read_set_options(3); may be NULL */
    bool (*prefix_size)(struct silt_span head, uint64_t *size); /* PREFIX: bytes in front of the payload */
    /* HELD: the memory that reading it takes, beside the container itself */
    enum silt_status (*need)(struct silt_span held, uint64_t max_memory, uint64_t *need,
                             struct silt_error *error);
    const struct silt_check_ops *check; /* explains the bytes that are nobody's content; may be NULL */
    bool is_stored; /* content stands in the container as it is, so that its extents are known exactly */
    bool is_sized;  /* an entry's size is what the reader hands out, unless the file is sparse */
};

/* Bytes of head that tell every format, but for those that want more. */
enum { SILT_FORMAT_HEAD_SIZE = 512 };

/* The format that a head of a stream belongs to, or NULL. Pure and thread-safe, as all of this. */
const struct silt_format *silt_format_find(struct silt_span head);

/* Whether the head may be that of a format which only SILT_STREAM_PEEK_MAX bytes tell. */
bool silt_format_wants_more(struct silt_span head);

/* The tar format, for streams that are tars by decree (layers). */
const struct silt_format *silt_format_tar(void);

/* The rows themselves, one a file: silt_format_zip_row in format_zip.c and so on. */
#define SILT_FORMAT(name) extern const struct silt_format silt_format_##name##_row;
#include "archive/formats.def"
#undef SILT_FORMAT

#endif
