/*
 * policy.h: what becomes of a finding: left out, allowed, or counted; and whether it decides the exit code.
 */
#ifndef SILT_CLI_POLICY_H
#define SILT_CLI_POLICY_H

#include "allowlist.h"
#include "baseline.h"
#include "scan_options.h"

/* Zero-initialise. */
struct silt_policy {
    enum silt_confidence min_confidence; /* --min-confidence */
    enum silt_severity fail_on;          /* --fail-on */
    bool ignores_comments;               /* --no-allow-comments */
    bool fails_on_known;                 /* --fail-on any */
    bool ignores_base;                   /* --ignore-base */
    struct silt_allowlist allowlist;
    struct silt_baseline baseline;
};

/* Reads what the options name. What is wrong is told on standard error; the answer is false. */
bool silt_policy_load(struct silt_policy *policy, const struct silt_scan_settings *settings);

/* Whether the finding is reported at all. */
bool silt_policy_takes(const struct silt_policy *policy, const struct silt_finding *finding);

/* Notes on the finding what allows it: a comment, a rule, the baseline, in this order. Strings are the
 * policy's. */
void silt_policy_judge(struct silt_policy *policy, const struct silt_results_target *target,
                       struct silt_finding *finding);

/* Whether a finding that was judged makes the exit code 1. */
bool silt_policy_fails(const struct silt_policy *policy, const struct silt_results_target *target,
                       const struct silt_finding *finding);

/* Frees what was read. */
void silt_policy_clear(struct silt_policy *policy);

#endif
