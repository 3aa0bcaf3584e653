/*
 * allowlist.h: rules that allow findings, from files of the user's (--allow), schema silt.allow/1:
 *
 *   {"schema": "silt.allow/1", "allow": [
 *     {"path": "*.example.yml", "signature": "github.*", "secret_hash": "…", "layer": "sha256:…",
 *      "reason": "…", "author": "…", "expires": "2027-01-31"}]}
 *
 * A rule needs a reason and at least one of the first four, and fits a finding that all of them fit. A rule
 * that has expired fits nothing.
 */
#ifndef SILT_CLI_ALLOWLIST_H
#define SILT_CLI_ALLOWLIST_H

#include "results.h"
#include "words.h"

#include <jansson.h>

/* Zero-initialise. */
struct silt_allowlist {
    struct silt_allowlist_rule *rules;
    size_t count;
    size_t expired;
    json_t **files; /* they own the rules' strings */
    size_t file_count;
};

/* Adds the rules of files. What is wrong is told on standard error; the answer is false. */
bool silt_allowlist_load(struct silt_allowlist *list, const struct silt_words *paths);

/* The reason of the first rule that fits, or NULL. */
const char *silt_allowlist_find(const struct silt_allowlist *list, const struct silt_results_target *target,
                                const struct silt_finding *finding);

/* Frees the rules. */
void silt_allowlist_clear(struct silt_allowlist *list);

#endif
