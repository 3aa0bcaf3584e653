/*
 * ruleset.h: signatures as one Hyperscan database. Immutable, shared by all threads.
 *
 * What Hyperscan looks for is a signature's prefilter: given, or derived from the pattern (prefilter.h). For
 * every match of the pattern that starts at s there is a candidate (rule, end) with s < end <= s + reach. So
 * a candidate says that a match may start in the `reach` bytes before `end`; it may well go on behind `end`.
 */
#ifndef SILT_MATCH_RULESET_H
#define SILT_MATCH_RULESET_H

#include <silt/scanner.h>

/* But for the signature plain numbers, which a file has as they lie here (plan_file.h). */
struct silt_rule {
    const struct silt_signature *signature;
    unsigned reach; /* in bytes; 0: a signature without pattern. Candidates of content never name a rule whose
                       signature has a path: silt_matcher_find_path does */
};

/* Number of rules, and the rule with the number that candidates carry. The numbers are those of
 * silt_signatures_at. */
size_t silt_ruleset_count(const struct silt_ruleset *ruleset);
const struct silt_rule *silt_ruleset_at(const struct silt_ruleset *ruleset, size_t index);

/* The signatures that it was made from. */
const struct silt_signatures *silt_ruleset_signatures(const struct silt_ruleset *ruleset);

/* For matcher.c: the compiled database (hs_database_t) of a scope (plan.h), NULL when no signature has it. */
const void *silt_ruleset_database(const struct silt_ruleset *ruleset, int scope);

#endif
