/*
 * verdict.c: the rules of verdict.h.
 */
#include "confirm/verdict.h"

#include "confirm/placeholder.h"
#include "confirm/score.h"

#include <stdio.h>

/* What all checks of one signature say together. */
struct testimony {
    bool has_proof, has_structure, is_valid, is_invalid, is_noise, is_protected, is_lowered;
};

static void hear(const struct silt_check *check, const struct silt_claim *claim, struct testimony *all,
                 struct silt_match *match)
{
    struct silt_ruling ruling = {.validation = SILT_VALIDATION_NONE};
    check->run(claim, &ruling);
    bool is_valid = ruling.validation == SILT_VALIDATION_VALID;
    all->has_proof |= is_valid && check->strength == SILT_CHECK_PROOF;
    all->has_structure |= is_valid && check->strength != SILT_CHECK_SHAPE;
    all->is_valid |= is_valid;
    all->is_invalid |= ruling.validation == SILT_VALIDATION_INVALID;
    all->is_noise |= ruling.is_noise;
    all->is_protected |= ruling.is_protected;
    all->is_lowered |= ruling.is_lowered;
    if (ruling.detail[0] != '\0' && (match->detail[0] == '\0' || is_valid))
        snprintf(match->detail, sizeof match->detail, "%s", ruling.detail);
}

static enum silt_validation validation_of(const struct testimony *all)
{
    if (all->has_proof || (all->is_valid && !all->is_invalid))
        return SILT_VALIDATION_VALID;
    return all->is_invalid ? SILT_VALIDATION_INVALID : SILT_VALIDATION_NONE;
}

static void grade(const struct silt_signature *signature, const struct testimony *all, bool is_weak,
                  struct silt_match *match)
{
    int confidence = is_weak ? SILT_CONFIDENCE_LOW : (int)signature->confidence;
    match->validation = validation_of(all);
    if (match->validation == SILT_VALIDATION_VALID && all->has_structure)
        confidence = SILT_CONFIDENCE_HIGH;
    confidence -= (match->validation == SILT_VALIDATION_INVALID) + all->is_lowered;
    match->confidence =
        confidence > SILT_CONFIDENCE_LOW ? (enum silt_confidence)confidence : SILT_CONFIDENCE_LOW;
    match->severity = signature->severity;
    if (all->is_protected && match->severity > SILT_INFO)
        match->severity--;
}

bool silt_verdict_reach(const struct silt_judge_rule *rule, const struct silt_claim *claim,
                        struct silt_match *match)
{
    const struct silt_signature *signature = rule->signature;
    struct testimony all = {false};
    match->detail[0] = '\0';
    match->score = silt_score(claim->secret);
    bool is_noise = !claim->is_file && (match->score < signature->min_score ||
                                        silt_placeholder_kind(claim->secret) != SILT_PLACEHOLDER_NONE);
    if (is_noise && !rule->has_proof)
        return false;
    bool is_blank =
        claim->secret.size == 0; /* nothing to check: an empty file, or the name alone is asked about */
    for (const struct silt_check *const *check = rule->checks; *check != NULL && !is_blank; check++)
        hear(*check, claim, &all, match);
    if ((is_noise || all.is_noise) && !all.has_proof)
        return false;
    grade(signature, &all, claim->is_weak, match);
    return true;
}
