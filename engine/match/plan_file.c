/*
 * plan_file.c: a plan as bytes, and back.
 */
#include "match/plan_file.h"

#include "base/error.h"
#include "base/fingerprint.h"
#include "base/hasher.h"
#include "content/window.h"

#include <stdlib.h>

struct head {
    uint64_t rule_count;
    uint64_t user_count, set_count, step_count;
    uint64_t text_counts[SILT_SCOPE_COUNT];
    uint64_t expression_counts[SILT_SCOPE_COUNT]; /* 0 in text scopes, whose texts are theirs */
};

/* The parts of a file, one behind the other. */
struct sections {
    struct silt_span rules, users, sets, steps, texts[SILT_SCOPE_COUNT], rows[SILT_SCOPE_COUNT], strings;
};

struct row {
    uint32_t text; /* offset among the strings */
    uint32_t flags;
    uint32_t id;
};

enum silt_status silt_plan_file_key(const struct silt_signatures *set, struct silt_digest *out,
                                    struct silt_error *error)
{
    struct silt_hasher *hasher;
    const uint64_t sizes[] = {sizeof(struct silt_rule), sizeof(struct silt_text),
                              sizeof(struct silt_glance_set), sizeof(struct silt_glance_step),
                              sizeof(struct head)};
    const char *const texts[] = {silt_fingerprint(), hs_version(), silt_signatures_digest(set)};
    enum silt_status status = silt_hasher_new(&hasher, error);
    if (status != SILT_OK)
        return status;
    silt_hasher_put(hasher, silt_span_of(sizes, sizeof sizes));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        silt_hasher_put(hasher, silt_span_of(texts[i], strlen(texts[i]) + 1));
    silt_hasher_take(hasher, out);
    silt_hasher_free(hasher);
    return SILT_OK;
}

static enum silt_status put_rules(const struct silt_plan *plan, struct silt_buffer *out,
                                  struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < plan->rule_count && status == SILT_OK; i++) {
        struct silt_rule rule = plan->rules[i];
        rule.signature = NULL; /* the set has it */
        status = silt_buffer_append(out, silt_span_of(&rule, sizeof rule), error);
    }
    return status;
}

static enum silt_status put_expression(const struct silt_expression *expression, struct silt_buffer *rows,
                                       struct silt_buffer *texts, struct silt_error *error)
{
    const struct row row = {(uint32_t)texts->size, expression->flags, expression->id};
    enum silt_status status = silt_buffer_append(rows, silt_span_of(&row, sizeof row), error);
    if (status != SILT_OK)
        return status;
    return silt_buffer_append(texts, silt_span_of(expression->text, strlen(expression->text) + 1), error);
}

static enum silt_status put_items(const struct silt_array *array, struct silt_buffer *out,
                                  struct silt_error *error)
{
    return silt_buffer_append(out, silt_span_of(array->items, array->count * array->item_size), error);
}

static size_t count_expressions(const struct silt_plan *plan, int scope)
{
    return silt_plan_is_text_scope((enum silt_scope)scope) ? 0 : plan->expressions[scope].count;
}

static enum silt_status put_expressions(const struct silt_plan *plan, struct silt_buffer *out,
                                        struct silt_error *error)
{
    struct silt_buffer strings = {0};
    enum silt_status status = SILT_OK;
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++)
        for (size_t i = 0; i < count_expressions(plan, scope) && status == SILT_OK; i++)
            status = put_expression(silt_array_at(&plan->expressions[scope], i), out, &strings, error);
    if (status == SILT_OK && strings.size > UINT32_MAX)
        status = silt_error_set(error, SILT_ERR_LIMIT, "too many expressions for a file");
    if (status == SILT_OK)
        status = silt_buffer_append(out, silt_buffer_span(&strings), error);
    silt_buffer_clear(&strings);
    return status;
}

enum silt_status silt_plan_file_print(const struct silt_plan *plan, struct silt_buffer *out,
                                      struct silt_error *error)
{
    struct head head = {.rule_count = plan->rule_count,
                        .user_count = plan->users.count,
                        .set_count = plan->glances.sets.count,
                        .step_count = plan->glances.steps.count};
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++) {
        head.text_counts[scope] = plan->texts[scope].count;
        head.expression_counts[scope] = count_expressions(plan, scope);
    }
    enum silt_status status = silt_buffer_append(out, silt_span_of(&head, sizeof head), error);
    if (status == SILT_OK)
        status = put_rules(plan, out, error);
    if (status == SILT_OK)
        status = put_items(&plan->users, out, error);
    if (status == SILT_OK)
        status = put_items(&plan->glances.sets, out, error);
    if (status == SILT_OK)
        status = put_items(&plan->glances.steps, out, error);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++)
        status = put_items(&plan->texts[scope], out, error);
    return status == SILT_OK ? put_expressions(plan, out, error) : status;
}

static enum silt_status damaged(struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_CORRUPT, "no plan of these signatures, or a damaged one");
}

/* Takes `count` items off the front of what is left; false where there are fewer. */
static bool take(struct silt_span *left, uint64_t count, size_t item_size, struct silt_span *out)
{
    if (count > left->size / item_size)
        return false;
    *out = silt_span_slice(*left, 0, count * item_size);
    *left = silt_span_slice(*left, out->size, left->size);
    return true;
}

static enum silt_status take_rules(struct silt_span bytes, const struct silt_signatures *set,
                                   struct silt_plan *out, struct silt_error *error)
{
    size_t count = bytes.size / sizeof(struct silt_rule);
    out->rules = calloc(count + 1, sizeof(struct silt_rule));
    if (out->rules == NULL)
        return silt_error_memory(error);
    out->rule_count = count;
    if (count > 0)
        memcpy(out->rules, bytes.data, bytes.size);
    for (size_t i = 0; i < count; i++) {
        out->rules[i].signature = silt_signatures_at(set, i);
        if (out->rules[i].reach > SILT_WINDOW_MARGIN || out->rules[i].least > out->rules[i].reach)
            return damaged(error);
    }
    return SILT_OK;
}

static enum silt_status take_items(struct silt_span bytes, struct silt_array *out, struct silt_error *error)
{
    for (size_t i = 0; i < bytes.size / out->item_size; i++) {
        void *item = silt_array_put(out);
        if (item == NULL)
            return silt_error_memory(error);
        memcpy(item, bytes.data + i * out->item_size, out->item_size);
    }
    return SILT_OK;
}

/* Where a rule's program begins: at the first step of all, or behind an END. */
static bool is_program(const struct silt_plan *plan, const struct silt_rule *rule)
{
    return rule->glance == SILT_GLANCE_NONE || silt_glance_has(&plan->glances, rule->glance);
}

static enum silt_status take_glances(const struct sections *sections, struct silt_plan *plan,
                                     struct silt_error *error)
{
    enum silt_status status = take_items(sections->sets, &plan->glances.sets, error);
    if (status == SILT_OK)
        status = take_items(sections->steps, &plan->glances.steps, error);
    if (status == SILT_OK && !silt_glance_link(&plan->glances))
        return damaged(error);
    for (size_t i = 0; i < plan->rule_count && status == SILT_OK; i++)
        status = is_program(plan, &plan->rules[i]) ? SILT_OK : damaged(error);
    return status;
}

static bool are_users_good(const struct silt_plan *plan)
{
    for (size_t i = 0; i < plan->users.count; i++)
        if (*(const uint32_t *)silt_array_at(&plan->users, i) >= plan->rule_count)
            return false;
    return true;
}

static bool are_texts_good(const struct silt_plan *plan, int scope)
{
    for (size_t i = 0; i < plan->texts[scope].count; i++) {
        const struct silt_text *text = silt_array_at(&plan->texts[scope], i);
        if (text->anchor.size == 0 || text->anchor.size > SILT_ANCHOR_SIZE_MAX ||
            text->first_user > plan->users.count || text->user_count > plan->users.count - text->first_user)
            return false;
    }
    return plan->texts[scope].count == 0 || silt_plan_is_text_scope((enum silt_scope)scope);
}

static enum silt_status take_texts(const struct sections *sections, struct silt_plan *plan,
                                   struct silt_error *error)
{
    enum silt_status status = take_items(sections->users, &plan->users, error);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++) {
        status = take_items(sections->texts[scope], &plan->texts[scope], error);
        if (status == SILT_OK && !are_texts_good(plan, scope))
            return damaged(error);
    }
    if (status == SILT_OK && !are_users_good(plan))
        return damaged(error);
    return status == SILT_OK ? silt_plan_express(plan, error) : status;
}

static enum silt_status take_expressions(struct silt_span rows, struct silt_span texts,
                                         struct silt_plan *plan, int scope, struct silt_error *error)
{
    if (rows.size > 0 && silt_plan_is_text_scope((enum silt_scope)scope))
        return damaged(error);
    for (size_t i = 0; i < rows.size / sizeof(struct row); i++) {
        struct row row;
        memcpy(&row, rows.data + i * sizeof row, sizeof row);
        if (row.text >= texts.size || row.id >= plan->rule_count)
            return damaged(error);
        struct silt_expression *expression = silt_array_put(&plan->expressions[scope]);
        if (expression == NULL)
            return silt_error_memory(error);
        const char *text = (const char *)texts.data + row.text;
        *expression = (struct silt_expression){text, strlen(text), row.flags, row.id};
    }
    return SILT_OK;
}

/* A copy that lives as long as the plan. */
static enum silt_status keep_texts(struct silt_plan *plan, struct silt_span *texts, struct silt_error *error)
{
    if (texts->size > 0 && texts->data[texts->size - 1] != '\0')
        return damaged(error);
    const char *copy = silt_arena_copy(&plan->arena, *texts);
    if (copy == NULL)
        return silt_error_memory(error);
    *texts = silt_span_of(copy, texts->size);
    return SILT_OK;
}

static bool divide(struct silt_span bytes, const struct head *head, struct sections *out)
{
    bool is_whole = take(&bytes, head->rule_count, sizeof(struct silt_rule), &out->rules) &&
                    take(&bytes, head->user_count, sizeof(uint32_t), &out->users) &&
                    take(&bytes, head->set_count, sizeof(struct silt_glance_set), &out->sets) &&
                    take(&bytes, head->step_count, sizeof(struct silt_glance_step), &out->steps);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && is_whole; scope++)
        is_whole = take(&bytes, head->text_counts[scope], sizeof(struct silt_text), &out->texts[scope]);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && is_whole; scope++)
        is_whole = take(&bytes, head->expression_counts[scope], sizeof(struct row), &out->rows[scope]);
    out->strings = bytes;
    return is_whole;
}

enum silt_status silt_plan_file_parse(struct silt_span bytes, const struct silt_signatures *set,
                                      struct silt_plan *out, struct silt_error *error)
{
    struct head head;
    struct sections sections;
    silt_plan_init(out);
    if (bytes.size < sizeof head)
        return damaged(error);
    memcpy(&head, bytes.data, sizeof head);
    if (head.rule_count != silt_signatures_count(set) ||
        !divide(silt_span_slice(bytes, sizeof head, bytes.size), &head, &sections))
        return damaged(error);
    enum silt_status status = keep_texts(out, &sections.strings, error);
    if (status == SILT_OK)
        status = take_rules(sections.rules, set, out, error);
    if (status == SILT_OK)
        status = take_glances(&sections, out, error);
    if (status == SILT_OK)
        status = take_texts(&sections, out, error);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++)
        status = take_expressions(sections.rows[scope], sections.strings, out, scope, error);
    return status;
}
