/*
 * worker.h: one thread's tools. Made once a thread, used for one blob after another; nothing in it is shared
 * but the run.
 */
#ifndef SILT_SCAN_WORKER_H
#define SILT_SCAN_WORKER_H

#include "archive/walk.h"
#include "confirm/confirm.h"
#include "content/window.h"
#include "match/matcher.h"
#include "scan/result.h"
#include "scan/scan.h"
#include "scan/tap.h"

/* At most so many signatures can be about files of one name. */
enum { SILT_WORKER_FILE_RULES = 256 };

struct silt_worker {
    struct silt_scan *scan;
    struct silt_matcher *matcher;
    struct silt_confirmer *confirmer;
    struct silt_windower *windower;
    struct silt_walk *walk;
    struct silt_tap *tap;            /* on the file at hand */
    struct silt_result *result;      /* what is being filled now; borrowed */
    const struct silt_stream *watch; /* counts the stored bytes of the current blob; borrowed */
    uint64_t plain, nested; /* decompressed bytes of the blob: its own files, and files in archives in it */
    uint64_t *examined;     /* a rule: starts below this offset of the current content are judged */
    uint32_t *generation;   /* a rule: the content that examined is about */
    uint32_t content_number;
    uint32_t file_rules[SILT_WORKER_FILE_RULES]; /* rules for files of the current content's name */
    size_t file_rule_count;
};

/* Makes all tools for one thread of a scan. MEMORY, or what the tools answer. */
SILT_MUST_USE enum silt_status silt_worker_new(struct silt_scan *scan, struct silt_worker **out,
                                               struct silt_error *error);
/* Begins a blob: its bytes are counted anew against the stored ones that `watch` counts. */
void silt_worker_begin(struct silt_worker *worker, const struct silt_stream *watch);

/* Frees it; NULL is allowed. */
void silt_worker_free(struct silt_worker *worker);

#endif
