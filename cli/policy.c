/*
 * policy.c: what becomes of a finding. Nothing vanishes here: what is allowed is reported as that, and
 * counted.
 */
#include "policy.h"

#include "jsonfile.h"

#include <silt/finding.h>
#include <stdio.h>
#include <string.h>

/* The last severity counts, and the last of `new` and `any`. */
static void read_fail_on(struct silt_policy *policy, const struct silt_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        bool is_new = strcmp(word, "new") == 0, is_any = strcmp(word, "any") == 0;
        if (is_new || is_any)
            policy->fails_on_known = is_any;
        for (int severity = SILT_INFO; severity <= SILT_CRITICAL; severity++)
            if (strcmp(word, silt_severity_name((enum silt_severity)severity)) == 0)
                policy->fail_on = (enum silt_severity)severity;
    }
}

bool silt_policy_load(struct silt_policy *policy, const struct silt_scan_settings *settings)
{
    policy->min_confidence = (enum silt_confidence)settings->min_confidence;
    read_fail_on(policy, &settings->fail_on);
    policy->ignores_comments = settings->no_allow_comments;
    policy->ignores_base = settings->ignore_base;
    const char *expires = settings->baseline_expires;
    if (expires != NULL && !silt_jsonfile_is_date(expires)) {
        fputs("silt: --baseline-expires is not a date, YYYY-MM-DD\n", stderr);
        return false;
    }
    return silt_allowlist_load(&policy->allowlist, &settings->allow) &&
           (settings->baseline == NULL || silt_baseline_load(&policy->baseline, settings->baseline));
}

bool silt_policy_takes(const struct silt_policy *policy, const struct silt_finding *finding)
{
    return finding->confidence >= policy->min_confidence;
}

void silt_policy_judge(struct silt_policy *policy, const struct silt_results_target *target,
                       struct silt_finding *finding)
{
    const char *known = silt_baseline_find(&policy->baseline, finding); /* always, so that it counts as met */
    if (finding->allowed_by != NULL && !policy->ignores_comments)
        return;
    finding->allowed_by = NULL;
    finding->allowed_reason = silt_allowlist_find(&policy->allowlist, target, finding);
    if (finding->allowed_reason != NULL)
        finding->allowed_by = "rule";
    else if (known != NULL)
        finding->allowed_by = "baseline";
    if (finding->allowed_reason == NULL)
        finding->allowed_reason = known;
}

static bool is_known(const struct silt_finding *finding)
{
    return finding->allowed_by != NULL && strcmp(finding->allowed_by, "baseline") == 0;
}

bool silt_policy_fails(const struct silt_policy *policy, const struct silt_results_target *target,
                       const struct silt_finding *finding)
{
    if (finding->severity < policy->fail_on)
        return false;
    if (policy->ignores_base && silt_results_is_base(target, finding))
        return false;
    return !silt_results_is_allowed(finding) || (policy->fails_on_known && is_known(finding));
}

void silt_policy_clear(struct silt_policy *policy)
{
    silt_allowlist_clear(&policy->allowlist);
    silt_baseline_clear(&policy->baseline);
}
