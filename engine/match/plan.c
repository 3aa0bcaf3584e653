/*
 * plan.c: signatures to expressions.
 *
 * Widths come from the tree of the pattern where prefilter.c understands it, and from Hyperscan where it does
 * not: asking Hyperscan for each of a thousand patterns would take longer than all the rest of starting up.
 */
#include "match/plan.h"

#include "base/error.h"
#include "content/window.h"
#include "match/globs.h"
#include "match/prefilter.h"

#include <stdlib.h>

static enum silt_status ask_width(const char *text, unsigned flags, uint32_t *out, struct silt_error *error)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *problem = NULL;
    if (hs_expression_info(text, flags, &info, &problem) != HS_SUCCESS) {
        enum silt_status status = silt_error_set(error, SILT_ERR_USAGE, "Hyperscan: %s", problem->message);
        hs_free_compile_error(problem);
        return status;
    }
    *out = info->max_width;
    free(info);
    return SILT_OK;
}

/* What silt could not measure itself, Hyperscan does. */
static enum silt_status complete(const struct silt_signature *signature, const char *expression,
                                 struct silt_prefilter *prefilter, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    if (prefilter->width == UINT32_MAX)
        status = ask_width(signature->pattern, HS_FLAG_PREFILTER, &prefilter->width, error);
    if (status == SILT_OK && prefilter->reach == UINT32_MAX)
        status = ask_width(expression, prefilter->is_approximate ? HS_FLAG_PREFILTER : 0, &prefilter->reach,
                           error);
    return status;
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

/* Weak expressions are kept to the neighbourhood of values where that loses nothing. */
static enum silt_scope scope_of(const struct silt_signature *signature,
                                const struct silt_prefilter *prefilter)
{
    bool is_weak = prefilter->is_caseless || prefilter->weight < 4 * SILT_PREFILTER_BYTE;
    if (signature->path[0] != '\0')
        return SILT_SCOPE_PATH;
    return is_weak && silt_values_holds(&prefilter->shape) ? SILT_SCOPE_VALUES : SILT_SCOPE_CONTENT;
}

static enum silt_status make_part(const struct silt_signature *signature, struct silt_arena *arena,
                                  struct silt_prefilter *prefilter, struct silt_plan_part *out,
                                  struct silt_error *error)
{
    enum silt_status status =
        signature->prefilter[0] != '\0'
            ? silt_prefilter_take(signature->prefilter, signature->pattern, prefilter, error)
            : silt_prefilter_derive(signature->pattern, prefilter, error);
    if (status != SILT_OK)
        return status;
    const char *text = silt_arena_copy(arena, silt_buffer_span(&prefilter->expression));
    if (text == NULL)
        return silt_error_memory(error);
    status = complete(signature, text, prefilter, error);
    if (status == SILT_OK)
        status = check_width(prefilter->width, "\"pattern\"", signature->pattern, error);
    if (status == SILT_OK)
        status = check_width(prefilter->reach, "the prefilter", text, error);
    *out = (struct silt_plan_part){
        .scope = scope_of(signature, prefilter),
        .expression = {.text = text, .flags = prefilter->is_approximate ? HS_FLAG_PREFILTER : 0},
        .reach = prefilter->reach,
        .weight = prefilter->weight,
        .is_open = prefilter->is_open,
    };
    return status;
}

enum silt_status silt_plan_signature(const struct silt_signature *signature, struct silt_arena *arena,
                                     struct silt_plan_part *out, struct silt_error *error)
{
    struct silt_prefilter prefilter = {0};
    enum silt_status status = make_part(signature, arena, &prefilter, out, error);
    silt_prefilter_clear(&prefilter);
    return status;
}

/* A signature for certain files: its glob is what is compiled. */
static enum silt_status plan_path(struct silt_plan *plan, const struct silt_signature *signature,
                                  struct silt_plan_part *out, struct silt_error *error)
{
    struct silt_buffer text = {0};
    enum silt_status status = silt_globs_print(signature->path, &text, error);
    const char *copy = status == SILT_OK ? silt_arena_copy(&plan->arena, silt_buffer_span(&text)) : NULL;
    silt_buffer_clear(&text);
    if (status == SILT_OK && copy == NULL)
        status = silt_error_memory(error);
    *out = (struct silt_plan_part){
        .scope = SILT_SCOPE_PATH,
        .expression = {.text = copy, .flags = HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH},
    };
    return status;
}

static enum silt_status plan_rule(struct silt_plan *plan, size_t index, struct silt_error *error)
{
    struct silt_rule *rule = &plan->rules[index];
    struct silt_plan_part part = {0};
    enum silt_status status = SILT_OK;
    if (rule->signature->pattern[0] != '\0') {
        status = silt_plan_signature(rule->signature, &plan->arena, &part, error);
        rule->reach = status == SILT_OK ? part.reach : 0;
    }
    if (status == SILT_OK && rule->signature->path[0] != '\0')
        status = plan_path(plan, rule->signature, &part, error);
    if (status != SILT_OK) {
        silt_error_prefix(error, "%s: %s", rule->signature->file, rule->signature->id);
        return status;
    }
    struct silt_expression *expression = silt_array_put(&plan->expressions[part.scope]);
    if (expression == NULL)
        return silt_error_memory(error);
    *expression = part.expression;
    expression->id = (unsigned)index;
    return SILT_OK;
}

enum silt_status silt_plan_make(const struct silt_signatures *set, struct silt_plan *out,
                                struct silt_error *error)
{
    size_t count = silt_signatures_count(set);
    *out = (struct silt_plan){.rules = calloc(count + 1, sizeof(struct silt_rule)), .rule_count = count};
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++)
        out->expressions[scope].item_size = sizeof(struct silt_expression);
    if (out->rules == NULL)
        return silt_error_memory(error);
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < count && status == SILT_OK; i++) {
        out->rules[i].signature = silt_signatures_at(set, i);
        status = plan_rule(out, i, error);
    }
    return status;
}

void silt_plan_clear(struct silt_plan *plan)
{
    silt_arena_clear(&plan->arena);
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++)
        silt_array_clear(&plan->expressions[scope]);
    free(plan->rules);
    *plan = (struct silt_plan){0};
}
