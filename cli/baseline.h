/*
 * baseline.h: findings that are known already (--baseline, --write-baseline), schema silt.baseline/1:
 *
 *   {"schema": "silt.baseline/1", "findings": [
 *     {"fingerprint": "…", "signature": "…", "path": "…", "reason": "…", "author": "…", "added":
 * "2026-01-31", "expires": "2027-01-31"}]}
 *
 * The fingerprint decides; it is the same when lines move or a layer is built again. Signature and path are
 * for those who read the file. There is no secret in it. An entry that has expired fits nothing.
 */
#ifndef SILT_CLI_BASELINE_H
#define SILT_CLI_BASELINE_H

#include "results.h"

#include <jansson.h>

/* Zero-initialise. */
struct silt_baseline {
    const char *path;                    /* borrowed */
    json_t *file;                        /* owns the entries' strings */
    struct silt_baseline_entry *entries; /* in the order of their fingerprints */
    size_t count;
};

/* What new entries say; strings may be NULL. */
struct silt_baseline_terms {
    const char *reason, *author, *expires;
};

/* Reads a file. What is wrong is told on standard error; the answer is false. */
bool silt_baseline_load(struct silt_baseline *baseline, const char *path);

/* The reason (perhaps "") of the entry that knows the finding, NULL if none does or it has expired. The entry
 * counts as met. */
const char *silt_baseline_find(struct silt_baseline *baseline, const struct silt_finding *finding);

/* Tells on standard error how many entries met nothing, and how many have expired. */
void silt_baseline_report(const struct silt_baseline *baseline);

/* Writes the results' findings that count or are known to a file, in place of what it held. Entries of the
 * old baseline (may be empty) keep their words; those that met nothing are left out if the scan was complete.
 * False if it could not be written, which is told. */
bool silt_baseline_write(const struct silt_baseline *old, const struct silt_results *results,
                         const struct silt_baseline_terms *terms, const char *path);

/* Frees the entries. */
void silt_baseline_clear(struct silt_baseline *baseline);

#endif
