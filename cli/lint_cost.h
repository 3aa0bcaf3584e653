/*
 * lint_cost.h: `silt signatures lint --cost CORPUS`: what each signature adds to matching.
 */
#ifndef SILT_CLI_LINT_COST_H
#define SILT_CLI_LINT_COST_H

#include "words.h"

struct silt_lint_cost {
    const char *corpus;             /* a target, as silt scan takes it */
    const struct silt_words *files; /* added to silt's own signatures; all of theirs are shown */
    bool is_json;
};

/* Measures and prints; answers the exit code. */
int silt_lint_cost(const struct silt_lint_cost *request);

#endif
