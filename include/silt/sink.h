/*
 * sink.h: where results go. The one thing that silt pushes.
 *
 * A sink is filled by the caller and handed to a scan. All callbacks of one scan are made one at a time,
 * from the thread that called the scan; NULL callbacks are passed over. Everything handed in is borrowed and
 * valid until the callback returns. A callback that answers false stops the scan.
 */
#ifndef SILT_SINK_H
#define SILT_SINK_H

#include <silt/finding.h>
#include <silt/image.h>

/* Why something was not looked at. Names in the report: silt_skip_reason_name. */
enum silt_skip_reason {
    SILT_SKIP_DAMAGED,      /* the bytes break their format */
    SILT_SKIP_ENCRYPTED,    /* needs a key */
    SILT_SKIP_UNSUPPORTED,  /* a codec or format that silt does not read */
    SILT_SKIP_FOREIGN,      /* a non-distributable layer whose bytes are elsewhere */
    SILT_SKIP_MISSING,      /* a blob that is not there */
    SILT_SKIP_DEPTH,        /* --max-depth */
    SILT_SKIP_ENTRY_SIZE,   /* --max-entry-size */
    SILT_SKIP_RATIO,        /* expansion ratio */
    SILT_SKIP_TOTAL,        /* total bytes, entries or findings of a target */
    SILT_SKIP_MEMORY,       /* needs more memory than allowed */
    SILT_SKIP_TIME,         /* --timeout or cancelled */
    SILT_SKIP_UNREADABLE,   /* permission or read error */
    SILT_SKIP_HIDDEN,       /* the archive walk lost content; its raw bytes were matched */
    SILT_SKIP_SPECIAL,      /* device, fifo, socket: no content to look at */
    SILT_SKIP_LINK,         /* a link that leads out of the target or nowhere */
    SILT_SKIP_UNREFERENCED, /* a blob that no image of the target names */
};

struct silt_skip {
    enum silt_skip_reason reason;
    struct silt_place place; /* what was skipped */
    uint64_t bytes;          /* how much, 0 if unknown */
    const char *detail;      /* one plain sentence without a full stop, or "" */
};

/* A failure that did not end the scan. */
struct silt_problem {
    enum silt_status status;
    const char *message;
    struct silt_place place;
};

enum silt_target_kind { SILT_TARGET_IMAGE, SILT_TARGET_DIRECTORY, SILT_TARGET_FILE, SILT_TARGET_STREAM };

struct silt_target_info {
    const char *name; /* as the user named it */
    enum silt_target_kind kind;
    const struct silt_image *image; /* NULL unless kind is IMAGE */
};

struct silt_coverage {
    uint64_t entries;
    uint64_t bytes;         /* content bytes met, decompressed */
    uint64_t bytes_scanned; /* of these, matched */
    uint64_t archives;      /* containers opened */
    uint64_t max_depth;     /* deepest nesting met */
    bool is_complete;       /* no skip of content and no problem */
    uint64_t duration_ms;
    uint64_t cached_layers; /* layers of the image whose results came from the cache */
};

struct silt_progress {
    uint64_t bytes;   /* stored bytes read so far */
    uint64_t total;   /* stored bytes of the target, 0 if unknown */
    uint64_t scanned; /* decompressed bytes matched so far */
    uint64_t findings;
    int layer, layer_count; /* layer last begun, 1-based; 0 outside of images */
};

struct silt_sink {
    void *context; /* handed to every callback */
    bool (*target_begin)(void *context, const struct silt_target_info *target);
    bool (*finding)(void *context, const struct silt_finding *finding);
    bool (*skip)(void *context, const struct silt_skip *skip);
    bool (*problem)(void *context, const struct silt_problem *problem);
    bool (*target_end)(void *context, const struct silt_coverage *coverage);
    bool (*progress)(void *context, const struct silt_progress *progress); /* about ten times a second */
};

/* The reason's word in reports, such as "max-depth"; never NULL. Thread-safe. */
SILT_API const char *silt_skip_reason_name(enum silt_skip_reason reason);

/* Whether content stayed unseen, so that the scan is incomplete. False for SPECIAL, LINK and UNREFERENCED. */
SILT_API bool silt_skip_is_content(enum silt_skip_reason reason);

/* "image", "directory", "file" or "stream"; never NULL. Thread-safe. */
SILT_API const char *silt_target_kind_name(enum silt_target_kind kind);

#endif
