/*
 * plan.h: what of a set of signatures is to be compiled, checked for all that would lose matches.
 */
#ifndef SILT_MATCH_PLAN_H
#define SILT_MATCH_PLAN_H

#include "base/arena.h"
#include "match/database.h"
#include "match/ruleset.h"

/* Where an expression is matched. Each scope has a database of its own. */
enum silt_scope {
    SILT_SCOPE_CONTENT, /* in all content */
    SILT_SCOPE_VALUES,  /* in content, around runs of value bytes (values.h): weak expressions with a long
                           value */
    SILT_SCOPE_PATH, /* in paths: globs of signatures for certain files, whose content is left to confirm */
    SILT_SCOPE_COUNT,
};

struct silt_plan {
    struct silt_arena arena;                         /* text of the expressions */
    struct silt_array expressions[SILT_SCOPE_COUNT]; /* of struct silt_expression, in order of id */
    struct silt_rule *rules;                         /* one for each signature */
    size_t rule_count;
};

/* The part of one signature. */
struct silt_plan_part {
    struct silt_expression expression;
    enum silt_scope scope;
    uint32_t reach;
    unsigned weight; /* this and the next as in prefilter.h */
    bool is_open;
};

/* Makes a part: reach and the width of the pattern are bounded (SILT_WINDOW_MARGIN), or it is SILT_ERR_USAGE
 * that says what is wrong, without file and id. Text is taken from the arena; expression.id is not set. */
SILT_MUST_USE enum silt_status silt_plan_signature(const struct silt_signature *signature,
                                                   struct silt_arena *arena, struct silt_plan_part *out,
                                                   struct silt_error *error);

/* The parts of all signatures; errors name file and id. Clear `out` in any case. */
SILT_MUST_USE enum silt_status silt_plan_make(const struct silt_signatures *set, struct silt_plan *out,
                                              struct silt_error *error);
void silt_plan_clear(struct silt_plan *plan);

#endif
