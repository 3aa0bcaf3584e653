/*
 * examine.h: one image of a registry scanned, with everything the scan tells kept for the store.
 */
#ifndef SILT_CLI_SERVE_EXAMINE_H
#define SILT_CLI_SERVE_EXAMINE_H

#include "results.h"

#include <pthread.h>
#include <silt/scanner.h>

/* What to scan, and with what; all borrowed. */
struct silt_examine_want {
    const char *target; /* "docker://HOST/REPOSITORY@DIGEST" */
    const struct silt_ruleset *ruleset;
    const struct silt_signatures *signatures;
    const struct silt_registry_options *registry;
    struct silt_cache *cache;
    unsigned jobs;
    uint64_t max_memory, timeout_ms;
    enum silt_confidence min_confidence;
};

/* What came of it. Init it, run, read, clear. */
struct silt_examine {
    struct silt_results results; /* a target for each image: an index has several */
    enum silt_status status;     /* OK: the scan ran to its end, complete or not */
    struct silt_error error;
    uint64_t bytes_pulled; /* stored bytes read */

    const struct silt_examine_want *want;
    bool has_failed; /* memory ran out */
    pthread_mutex_t mutex;
    struct silt_scanner *scanner; /* while it scans */
    bool is_cancelled;
};

/* Makes it fit to run, and to be cancelled. */
void silt_examine_init(struct silt_examine *examine);

/* Asks a scan to stop soon, or not to begin. May be called from any thread between init and clear. */
void silt_examine_cancel(struct silt_examine *examine);

/* Scans. */
void silt_examine_run(struct silt_examine *examine, const struct silt_examine_want *want);

/* Wipes and frees. */
void silt_examine_clear(struct silt_examine *examine);

#endif
