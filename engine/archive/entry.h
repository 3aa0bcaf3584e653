/*
 * entry.h: what an archive is made of.
 */
#ifndef SILT_ARCHIVE_ENTRY_H
#define SILT_ARCHIVE_ENTRY_H

#include "stream/stream.h"

enum silt_entry_kind {
    SILT_ENTRY_FILE,
    SILT_ENTRY_DIRECTORY,
    SILT_ENTRY_SYMLINK,
    SILT_ENTRY_HARDLINK, /* link_target holds the content's name; no content of its own */
    SILT_ENTRY_SPECIAL,  /* device, fifo, socket */
    SILT_ENTRY_RAW, /* bytes of the container that the walk handed out as nobody's content: headers, gaps,
                       tails, what follows an error. Its path is empty. */
};

/* Everything is borrowed and valid until the next call on what handed it out. */
struct silt_entry {
    enum silt_entry_kind kind;
    struct silt_span path;         /* clean (base/path.h) */
    struct silt_span path_bytes;   /* as the archive has it */
    struct silt_span link_target;  /* clean for hard links, as it stands for symbolic ones */
    const struct silt_span *chain; /* containers around it, outermost first; their clean paths */
    size_t chain_count;
    uint64_t size; /* as the header says; only a hint */
    uint32_t mode;
    struct silt_stream *content; /* never NULL for FILE and RAW, NULL otherwise; whatever is left of it when
                                    the next entry is asked for is consumed first */
};

/* For RAW: where in the container a byte of its content stands. Runs are in order. */
struct silt_run {
    uint64_t content_offset;
    uint64_t container_offset;
};

#endif
