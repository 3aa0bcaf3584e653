/*
 * verdict.h: the one place that turns what was seen of a match into confidence and severity, or into nothing.
 */
#ifndef SILT_CONFIRM_VERDICT_H
#define SILT_CONFIRM_VERDICT_H

#include "confirm/judge.h"

/* Runs the rule's checks and filters on a match whose positions are set, and fills score, severity,
 * confidence, validation and detail. False when the match falls.
 *
 *   confidence: the signature's, or low where the pattern's group "weak" took part. A valid structure or
 *     checksum makes it high; an invalid one lowers it a step (and never drops the match), and so does a
 *     place that tells of a test, such as a local host.
 *
 *   falls: a placeholder, a score under min_score, a check that says "no secret"; unless a checksum or a key
 *     passes.
 *
 *   severity: the signature's; a step lower for keys under a passphrase.
 */
bool silt_verdict_reach(const struct silt_judge_rule *rule, const struct silt_claim *claim,
                        struct silt_match *match);

#endif
