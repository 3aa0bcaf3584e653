/*
 * plan.c: signatures to texts and expressions.
 *
 * Widths come from the tree of the pattern where it is understood, and from Hyperscan where it is not: asking
 * Hyperscan for each of a thousand patterns would take longer than all the rest of starting up.
 */
#include "match/plan.h"

#include "base/error.h"
#include "content/window.h"
#include "match/globs.h"

#include <stdlib.h>

/* Hits per MB of text that a signature's texts are worth. Above RATE_WORD they are words, to be kept to the
 * neighbourhood of values; above RATE_MAX the pattern itself is cheaper to look for. */
enum { RATE_WORD = 100, RATE_MAX = 5000 };

/* Free bytes that make sure that a run is a value and no word (values.h). */
enum { FREE_ENOUGH = 16 };

/* A text and who wants it, before all are known. */
struct wish {
    struct silt_anchor anchor;
    enum silt_scope scope;
    uint32_t rule;
};

bool silt_plan_is_text_scope(enum silt_scope scope)
{
    return scope == SILT_SCOPE_CONTENT || scope == SILT_SCOPE_TOKENS || scope == SILT_SCOPE_VALUES;
}

static enum silt_status ask_width(const char *text, uint32_t *out, struct silt_error *error)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *problem = NULL;
    if (hs_expression_info(text, HS_FLAG_PREFILTER, &info, &problem) != HS_SUCCESS) {
        enum silt_status status = silt_error_set(error, SILT_ERR_USAGE, "Hyperscan: %s", problem->message);
        hs_free_compile_error(problem);
        return status;
    }
    *out = info->max_width;
    free(info);
    return SILT_OK;
}

static enum silt_status check_width(uint32_t width, const char *what, const char *text,
                                    struct silt_error *error)
{
    if (width == UINT32_MAX)
        return silt_error_set(error, SILT_ERR_USAGE, "%s may match without bound: %.200s", what, text);
    if (width > SILT_WINDOW_MARGIN)
        return silt_error_set(error, SILT_ERR_USAGE, "%s may match %u bytes, more than %d: %.200s", what,
                              width, SILT_WINDOW_MARGIN, text);
    if (width == 0)
        return silt_error_set(error, SILT_ERR_USAGE, "%s matches the empty text only: %.200s", what, text);
    return SILT_OK;
}

/* Everything is kept to the neighbourhood of values where that loses nothing. */
static enum silt_scope scope_of(const struct silt_anchors *anchors)
{
    const struct silt_shape *shape = &anchors->shape;
    if (anchors->items.count == 0)
        return SILT_SCOPE_PATTERNS;
    if (!anchors->is_caseless &&
        silt_shape_is_around(shape, anchors->most, SILT_TOKENS_BEFORE, SILT_TOKENS_BEHIND))
        return SILT_SCOPE_TOKENS;
    if ((anchors->is_caseless || anchors->rate > RATE_WORD) && shape->free >= FREE_ENOUGH &&
        silt_shape_is_around(shape, anchors->most, SILT_VALUES_BEFORE, SILT_VALUES_BEHIND))
        return SILT_SCOPE_VALUES;
    return anchors->rate > RATE_MAX ? SILT_SCOPE_PATTERNS : SILT_SCOPE_CONTENT;
}

/* No texts: the pattern itself is looked for, or what its author gave in its place. */
static enum silt_status take_whole(const struct silt_signature *signature, struct silt_plan_part *part,
                                   struct silt_error *error)
{
    bool has_hint = signature->prefilter[0] != '\0';
    part->expression = has_hint ? signature->prefilter : signature->pattern;
    part->least = 1;
    part->reach = part->anchors.width;
    return has_hint ? ask_width(part->expression, &part->reach, error) : SILT_OK;
}

enum silt_status silt_plan_signature(const struct silt_signature *signature, struct silt_plan_part *out,
                                     struct silt_error *error)
{
    struct silt_anchors *anchors = &out->anchors;
    *out = (struct silt_plan_part){0};
    enum silt_status status = silt_anchor_derive(signature->pattern, signature->prefilter, anchors, error);
    if (status == SILT_OK && anchors->width == UINT32_MAX)
        status = ask_width(signature->pattern, &anchors->width, error);
    if (status == SILT_OK)
        status = check_width(anchors->width, "\"pattern\"", signature->pattern, error);
    if (status != SILT_OK)
        return status;
    out->scope = scope_of(anchors);
    out->least = anchors->least;
    out->reach = anchors->most;
    if (out->scope == SILT_SCOPE_PATTERNS)
        status = take_whole(signature, out, error);
    return status == SILT_OK ? check_width(out->reach, "\"prefilter\"", signature->prefilter, error) : status;
}

void silt_plan_clear_part(struct silt_plan_part *part)
{
    silt_anchor_clear(&part->anchors);
}

static enum silt_status put_expression(struct silt_plan *plan, enum silt_scope scope, const char *text,
                                       unsigned flags, size_t rule, struct silt_error *error)
{
    const char *copy = silt_arena_copy(&plan->arena, silt_span_text(text));
    struct silt_expression *expression = copy != NULL ? silt_array_put(&plan->expressions[scope]) : NULL;
    if (expression == NULL)
        return silt_error_memory(error);
    *expression = (struct silt_expression){copy, strlen(copy), flags, (unsigned)rule};
    return SILT_OK;
}

/* A signature for certain files: its glob is what is looked for. */
static enum silt_status plan_path(struct silt_plan *plan, size_t rule, const char *glob,
                                  struct silt_error *error)
{
    struct silt_buffer text = {0};
    enum silt_status status = silt_globs_print(glob, &text, error);
    if (status == SILT_OK)
        status = silt_buffer_append(&text, silt_span_of("", 1), error);
    if (status == SILT_OK)
        status = put_expression(plan, SILT_SCOPE_PATH, (const char *)text.data,
                                HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH, rule, error);
    silt_buffer_clear(&text);
    return status;
}

static enum silt_status put_wishes(struct silt_array *wishes, size_t rule, const struct silt_plan_part *part,
                                   struct silt_error *error)
{
    for (size_t i = 0; i < part->anchors.items.count; i++) {
        struct wish *wish = silt_array_put(wishes);
        if (wish == NULL)
            return silt_error_memory(error);
        wish->anchor = *(const struct silt_anchor *)silt_array_at(&part->anchors.items, i);
        wish->scope = part->scope;
        wish->rule = (uint32_t)rule;
    }
    return SILT_OK;
}

static enum silt_status plan_pattern(struct silt_plan *plan, size_t index, struct silt_array *wishes,
                                     struct silt_error *error)
{
    struct silt_rule *rule = &plan->rules[index];
    struct silt_plan_part part;
    enum silt_status status = silt_plan_signature(rule->signature, &part, error);
    bool is_for_all_files = rule->signature->path[0] == '\0';
    rule->reach = part.reach;
    rule->least = part.least;
    rule->follow = part.anchors.follow;
    memcpy(rule->next, part.anchors.next.bits, sizeof rule->next);
    if (status == SILT_OK && is_for_all_files)
        status = part.scope == SILT_SCOPE_PATTERNS
                     ? put_expression(plan, part.scope, part.expression, HS_FLAG_PREFILTER, index, error)
                     : put_wishes(wishes, index, &part, error);
    if (status == SILT_OK && is_for_all_files && part.scope != SILT_SCOPE_PATTERNS)
        status = silt_glance_put(&plan->glances, rule->signature->pattern,
                                 &(struct silt_glance_hit){rule->least, rule->reach, part.anchors.head},
                                 &rule->glance, error);
    silt_plan_clear_part(&part);
    return status;
}

static enum silt_status plan_rule(struct silt_plan *plan, size_t index, struct silt_array *wishes,
                                  struct silt_error *error)
{
    const struct silt_signature *signature = plan->rules[index].signature;
    enum silt_status status = SILT_OK;
    if (signature->pattern[0] != '\0')
        status = plan_pattern(plan, index, wishes, error);
    if (status == SILT_OK && signature->path[0] != '\0')
        status = plan_path(plan, index, signature->path, error);
    if (status != SILT_OK)
        silt_error_prefix(error, "%s: %s", signature->file, signature->id);
    return status;
}

static int compare_wishes(const void *a, const void *b)
{
    const struct wish *x = a, *y = b;
    if (x->scope != y->scope)
        return x->scope < y->scope ? -1 : 1;
    int order = memcmp(&x->anchor, &y->anchor, sizeof x->anchor);
    if (order != 0)
        return order;
    return x->rule < y->rule ? -1 : x->rule > y->rule;
}

/* A wish is for a new text, or for the one that the wish before it was for. */
static enum silt_status take_wish(struct silt_plan *plan, const struct wish *wish, const struct wish *before,
                                  struct silt_error *error)
{
    struct silt_array *texts = &plan->texts[wish->scope];
    bool is_new = before == NULL || before->scope != wish->scope ||
                  memcmp(&before->anchor, &wish->anchor, sizeof wish->anchor) != 0;
    struct silt_text *text = is_new ? silt_array_put(texts) : silt_array_at(texts, texts->count - 1);
    uint32_t *user = text != NULL ? silt_array_put(&plan->users) : NULL;
    if (user == NULL)
        return silt_error_memory(error);
    if (is_new)
        *text = (struct silt_text){.anchor = wish->anchor, .first_user = (uint32_t)plan->users.count - 1};
    text->user_count++;
    *user = wish->rule;
    return SILT_OK;
}

static enum silt_status take_wishes(struct silt_plan *plan, struct silt_array *wishes,
                                    struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    if (wishes->count > 0)
        qsort(wishes->items, wishes->count, wishes->item_size, compare_wishes);
    for (size_t i = 0; i < wishes->count && status == SILT_OK; i++)
        status =
            take_wish(plan, silt_array_at(wishes, i), i > 0 ? silt_array_at(wishes, i - 1) : NULL, error);
    return status;
}

static enum silt_status express_texts(struct silt_plan *plan, int scope, struct silt_error *error)
{
    for (size_t i = 0; i < plan->texts[scope].count; i++) {
        const struct silt_text *text = silt_array_at(&plan->texts[scope], i);
        struct silt_expression *expression = silt_array_put(&plan->expressions[scope]);
        if (expression == NULL)
            return silt_error_memory(error);
        *expression = (struct silt_expression){
            .text = (const char *)text->anchor.bytes,
            .size = text->anchor.size,
            .flags = text->anchor.is_caseless ? HS_FLAG_CASELESS : 0,
            .id = (unsigned)i,
        };
    }
    return SILT_OK;
}

enum silt_status silt_plan_express(struct silt_plan *plan, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++)
        status = express_texts(plan, scope, error);
    return status;
}

void silt_plan_init(struct silt_plan *plan)
{
    *plan = (struct silt_plan){.users = {.item_size = sizeof(uint32_t)}};
    silt_glance_init(&plan->glances);
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++) {
        plan->expressions[scope].item_size = sizeof(struct silt_expression);
        plan->texts[scope].item_size = sizeof(struct silt_text);
    }
}

static enum silt_status plan_rules(struct silt_plan *plan, struct silt_error *error)
{
    struct silt_array wishes = {.item_size = sizeof(struct wish)};
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < plan->rule_count && status == SILT_OK; i++)
        status = plan_rule(plan, i, &wishes, error);
    if (status == SILT_OK)
        status = take_wishes(plan, &wishes, error);
    silt_array_clear(&wishes);
    return status == SILT_OK ? silt_plan_express(plan, error) : status;
}

enum silt_status silt_plan_make(const struct silt_signatures *set, struct silt_plan *out,
                                struct silt_error *error)
{
    silt_plan_init(out);
    out->rule_count = silt_signatures_count(set);
    out->rules = calloc(out->rule_count + 1, sizeof(struct silt_rule));
    if (out->rules == NULL)
        return silt_error_memory(error);
    for (size_t i = 0; i < out->rule_count; i++)
        out->rules[i] =
            (struct silt_rule){.signature = silt_signatures_at(set, i), .glance = SILT_GLANCE_NONE};
    return plan_rules(out, error);
}

void silt_plan_clear(struct silt_plan *plan)
{
    silt_arena_clear(&plan->arena);
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++) {
        silt_array_clear(&plan->expressions[scope]);
        silt_array_clear(&plan->texts[scope]);
    }
    silt_array_clear(&plan->users);
    silt_glance_clear(&plan->glances);
    free(plan->rules);
    *plan = (struct silt_plan){0};
}
