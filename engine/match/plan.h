/*
 * plan.h: what of a set of signatures is to be looked for, checked for all that would lose matches.
 */
#ifndef SILT_MATCH_PLAN_H
#define SILT_MATCH_PLAN_H

#include "base/arena.h"
#include "match/anchor.h"
#include "match/database.h"
#include "match/glance.h"
#include "match/ruleset.h"

/* Where a signature is looked for. Each scope has a database of its own. */
enum silt_scope {
    SILT_SCOPE_CONTENT,  /* its texts, in all content */
    SILT_SCOPE_TOKENS,   /* its texts, in and around long runs of value bytes (values.h) */
    SILT_SCOPE_VALUES,   /* its texts, which are common words, around such runs that are no words */
    SILT_SCOPE_PATTERNS, /* its pattern, in all content: there are no such texts */
    SILT_SCOPE_PATH,     /* its glob, in paths: what such files hold is left to confirm */
    SILT_SCOPE_COUNT,
};

/* How much around a run belongs to a scope, in bytes. */
enum {
    SILT_TOKENS_BEFORE = 32,
    SILT_TOKENS_BEHIND = 16,
    SILT_VALUES_BEFORE = 208,
    SILT_VALUES_BEHIND = 64,
};

/* Whether Hyperscan looks for texts there, and not for expressions. */
bool silt_plan_is_text_scope(enum silt_scope scope);

/* A text that is looked for, and the rules that want it: user_count of the plan's users from first_user on.
 */
struct silt_text {
    struct silt_anchor anchor;
    uint32_t first_user, user_count;
};

struct silt_plan {
    struct silt_arena arena;                         /* text of the expressions */
    struct silt_array expressions[SILT_SCOPE_COUNT]; /* of struct silt_expression; their id is the index of a
                                                        text in a text scope, of a rule in the others */
    struct silt_array texts[SILT_SCOPE_COUNT];       /* of struct silt_text, each once */
    struct silt_array users;                         /* of uint32_t, rules */
    struct silt_glances glances;                     /* the rules' */
    struct silt_rule *rules;                         /* one for each signature */
    size_t rule_count;
};

/* The part of one signature that has a pattern. */
struct silt_plan_part {
    enum silt_scope scope;
    struct silt_anchors anchors;
    const char *expression; /* in SILT_SCOPE_PATTERNS */
    uint32_t least, reach;  /* as in struct silt_rule */
};

/* Makes a part: reach and the width of the pattern are bounded (SILT_WINDOW_MARGIN), or it is SILT_ERR_USAGE
 * that says what is wrong, without file and id. Clear `out` in any case. */
SILT_MUST_USE enum silt_status silt_plan_signature(const struct silt_signature *signature,
                                                   struct silt_plan_part *out, struct silt_error *error);
void silt_plan_clear_part(struct silt_plan_part *part);

/* Makes the expressions of the text scopes, which point to their texts: these must not move any more. */
SILT_MUST_USE enum silt_status silt_plan_express(struct silt_plan *plan, struct silt_error *error);

/* An empty plan: arrays of the right sizes. */
void silt_plan_init(struct silt_plan *plan);

/* The parts of all signatures; errors name file and id. Clear `out` in any case. */
SILT_MUST_USE enum silt_status silt_plan_make(const struct silt_signatures *set, struct silt_plan *out,
                                              struct silt_error *error);
void silt_plan_clear(struct silt_plan *plan);

#endif
