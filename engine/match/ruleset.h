/*
 * ruleset.h: signatures as Hyperscan databases. Immutable, shared by all threads.
 *
 * What Hyperscan looks for is a few texts of each signature, derived from its pattern (anchor.h). For every
 * match of the pattern that starts at s there is a candidate (rule, end) with s + least <= end <= s + reach.
 * So a candidate says that a match may start there; it may well go on behind `end`.
 */
#ifndef SILT_MATCH_RULESET_H
#define SILT_MATCH_RULESET_H

#include <silt/scanner.h>

/* But for the signature plain numbers, which a file has as they lie here (plan_file.h). */
struct silt_rule {
    const struct silt_signature *signature;
    unsigned least, reach; /* in bytes; 0: a signature without pattern. Candidates of content never name a
                              rule whose signature has a path: silt_matcher_find_path does */
    uint32_t glance;       /* program of the plan (glance.h) */
    unsigned follow;       /* value bytes (values.h) that stand behind `end` at least, */
    uint64_t next[4];      /* and bytes (as in charset.h) of which one does: else there is no candidate */
};

/* Number of rules, and the rule with the number that candidates carry. The numbers are those of
 * silt_signatures_at. */
size_t silt_ruleset_count(const struct silt_ruleset *ruleset);
const struct silt_rule *silt_ruleset_at(const struct silt_ruleset *ruleset, size_t index);

/* The signatures that it was made from. */
const struct silt_signatures *silt_ruleset_signatures(const struct silt_ruleset *ruleset);

struct silt_plan;

/* For matcher.c: what was compiled (plan.h), and the compiled database (hs_database_t) of a scope (plan.h),
 * NULL when no signature has it. */
const struct silt_plan *silt_ruleset_plan(const struct silt_ruleset *ruleset);
const void *silt_ruleset_database(const struct silt_ruleset *ruleset, int scope);

#endif
