/*
 * walk.h: all entries of a stream, nested archives flattened: the one iterator that the scan floor pulls.
 *
 * The walk looks at content, never at names: a compressed stream is decoded, an archive in it is walked, all
 * to max_depth, with an explicit stack. What is neither archive nor compressed is handed out as a FILE. An
 * archive that turns out to be damaged, encrypted, too deep or too large is reported as a skip, and its bytes
 * that could not be handed out as content of entries are handed out as RAW: nothing hides behind the archive
 * parser.
 */
#ifndef SILT_ARCHIVE_WALK_H
#define SILT_ARCHIVE_WALK_H

#include "archive/entry.h"
#include "archive/report.h"

struct silt_walk_limits {
    unsigned max_depth;      /* containers around an entry */
    uint64_t max_entry_size; /* bytes of one entry, 0: none */
    unsigned max_ratio;      /* expansion of one compressed stream, 0: none */
    uint64_t max_memory;     /* for one decoder, and for what must be held to be read (7z) */
};

struct silt_walk;

/* What a walk has met, for coverage. */
struct silt_walk_counts {
    uint64_t entries, archives, max_depth;
};

/* A walk with limits and a receiver of skips, both copied; `report` is called from within silt_walk_next and
 * from within peeks at content. A walk belongs to one thread. Free it with silt_walk_free. */
SILT_MUST_USE enum silt_status silt_walk_new(const struct silt_walk_limits *limits,
                                             const struct silt_report *report, struct silt_walk **out,
                                             struct silt_error *error);

/* How the stream given to silt_walk_open is to be taken. */
enum silt_walk_root {
    SILT_WALK_TAR,  /* an uncompressed tar (a layer): entries come without a chain. If it is no tar, the whole
                       stream is one damaged skip and RAW. An empty stream is an empty tar. */
    SILT_WALK_FILE, /* a file named `name`: an archive's or decoder's entries come with `name` in their chain,
                       unless is_target */
};

struct silt_walk_source {
    struct silt_stream *stream; /* borrowed until the walk ends or is freed */
    enum silt_walk_root root;
    struct silt_span name; /* clean path of the file; copied */
    bool is_target;        /* the file is the target itself: it does not stand in chains */
    bool is_flat;          /* entries of the outermost archive are handed out as they are, even those that
                              are archives or compressed themselves */
    unsigned depth;        /* containers around the stream already, for max_depth */
};

/* Told of each FILE that stands in no container, before it is looked into. */
struct silt_walk_hook {
    void *context;
    /* May replace the entry's content by a stream over it, which must live until the next call. What it
     * answers other than OK ends the walk. NULL: nobody is told. */
    enum silt_status (*file)(void *context, struct silt_entry *entry, struct silt_error *error);
};

/* Sets the hook for all that is opened from now on; copied. */
void silt_walk_set_hook(struct silt_walk *walk, const struct silt_walk_hook *hook);

/* Starts over with another stream; buffers are kept. */
SILT_MUST_USE enum silt_status silt_walk_open(struct silt_walk *walk, const struct silt_walk_source *source,
                                              struct silt_error *error);

/* The next entry; END when all are through. Damage in an archive is a skip and never ends the walk; only
 * MEMORY, CANCELLED and failures of the root stream itself (its I/O, its corruption) are answered, after
 * everything that came before them was handed out. */
SILT_MUST_USE enum silt_status silt_walk_next(struct silt_walk *walk, struct silt_entry *out,
                                              struct silt_error *error);

/* For the RAW entry handed out last: the place in its container of an offset in its content. */
uint64_t silt_walk_raw_offset(const struct silt_walk *walk, uint64_t content_offset);

/* Leaves the container around the entry handed out last, and all containers around that but the outermost:
 * what is left of them stays unseen. The walk goes on behind them. */
void silt_walk_leave(struct silt_walk *walk);

/* What the walk has met since it was opened. */
void silt_walk_count(const struct silt_walk *walk, struct silt_walk_counts *out);
/* Frees it; NULL is allowed. */
void silt_walk_free(struct silt_walk *walk);

#endif
