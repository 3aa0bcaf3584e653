/*
 * matcher.c: one call of Hyperscan a scope; what it finds becomes candidates. Its callback does nothing but
 * append.
 */
#include "match/matcher.h"

#include "base/error.h"
#include "match/gather.h"
#include "match/plan.h"
#include "match/values.h"

#include <hs/hs.h>
#include <stdlib.h>

enum {
    ITEMS_FIRST = 4096,
    ITEMS_MAX = 4 << 20, /* in one window: 32 MiB; real text gives some hundred in a MiB */
};

/* A wall against floods: grows up to ITEMS_MAX. */
struct list {
    struct silt_candidate *items;
    size_t count, capacity;
};

struct silt_matcher {
    const struct silt_plan *plan;
    const hs_database_t *databases[SILT_SCOPE_COUNT];
    hs_scratch_t *scratch;
    struct list hits;       /* of one scope: `rule` is what the expression carries as its id */
    struct list candidates; /* of the window */
    struct silt_gather tokens, values;
    enum silt_status status; /* why the callback stopped the scan */
};

static bool open_list(struct list *list)
{
    list->items = malloc(ITEMS_FIRST * sizeof *list->items);
    list->capacity = ITEMS_FIRST;
    return list->items != NULL;
}

static enum silt_status grow(struct list *list)
{
    if (list->capacity >= ITEMS_MAX)
        return SILT_ERR_LIMIT;
    struct silt_candidate *items = realloc(list->items, 2 * list->capacity * sizeof *list->items);
    if (items == NULL)
        return SILT_ERR_MEMORY;
    list->items = items;
    list->capacity *= 2;
    return SILT_OK;
}

static enum silt_status put(struct list *list, uint32_t rule, size_t end)
{
    enum silt_status status = list->count == list->capacity ? grow(list) : SILT_OK;
    if (status == SILT_OK)
        list->items[list->count++] = (struct silt_candidate){.rule = rule, .end = (uint32_t)end};
    return status;
}

/* One scratch space serves all databases: it grows to what the largest wants. */
static bool take_databases(struct silt_matcher *matcher, const struct silt_ruleset *ruleset)
{
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++) {
        matcher->databases[scope] = silt_ruleset_database(ruleset, scope);
        if (matcher->databases[scope] != NULL &&
            hs_alloc_scratch(matcher->databases[scope], &matcher->scratch) != HS_SUCCESS)
            return false;
    }
    return true;
}

enum silt_status silt_matcher_new(const struct silt_ruleset *ruleset, struct silt_matcher **out,
                                  struct silt_error *error)
{
    struct silt_matcher *matcher = calloc(1, sizeof *matcher);
    if (matcher == NULL)
        return silt_error_memory(error);
    matcher->plan = silt_ruleset_plan(ruleset);
    if (!open_list(&matcher->hits) || !open_list(&matcher->candidates) || !take_databases(matcher, ruleset)) {
        silt_matcher_free(matcher);
        return silt_error_memory(error);
    }
    *out = matcher;
    return SILT_OK;
}

/* Hyperscan's callback; a non-zero answer stops the scan. */
static int append(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    struct silt_matcher *matcher = context;
    (void)from, (void)flags;
    matcher->status = put(&matcher->hits, id, to);
    return matcher->status != SILT_OK;
}

static enum silt_status explain(enum silt_status status, struct silt_error *error)
{
    if (status == SILT_ERR_LIMIT)
        return silt_error_set(error, status, "more than %d candidates in one window", ITEMS_MAX);
    return status == SILT_ERR_MEMORY ? silt_error_memory(error) : status;
}

/* Fills `hits` from some bytes. */
static enum silt_status scan(struct silt_matcher *matcher, enum silt_scope scope, struct silt_span bytes,
                             struct silt_error *error)
{
    matcher->hits.count = 0;
    if (bytes.size >= UINT32_MAX)
        return silt_error_set(error, SILT_ERR_USAGE, "a window of 4 GiB or more");
    if (matcher->databases[scope] == NULL || bytes.size == 0)
        return SILT_OK;
    hs_error_t result = hs_scan(matcher->databases[scope], (const char *)bytes.data, (unsigned)bytes.size, 0,
                                matcher->scratch, append, matcher);
    if (result == HS_SCAN_TERMINATED)
        return explain(matcher->status, error);
    if (result != HS_SUCCESS)
        return silt_error_set(error, SILT_ERR_MEMORY, "Hyperscan failed (%d)", result);
    return SILT_OK;
}

/* Whether an "@" follows before what ends the authority of a URI. */
static bool has_at(struct silt_span bytes, size_t from)
{
    size_t end = bytes.size - from > SILT_SHAPE_AUTHORITY_MAX ? from + SILT_SHAPE_AUTHORITY_MAX : bytes.size;
    for (size_t i = from; i < end; i++) {
        if (bytes.data[i] == '@')
            return true;
        if (silt_shape_ends_authority(bytes.data[i]))
            return false;
    }
    return false;
}

/* How many value bytes stand at a place, as far as `max`. */
static unsigned count_values(struct silt_span bytes, size_t from, unsigned max)
{
    unsigned count = 0;
    while (count < max && from + count < bytes.size && silt_values_has(bytes.data[from + count]))
        count++;
    return count;
}

static bool can_follow(const struct silt_rule *rule, uint8_t byte)
{
    return rule->next[byte / 64] >> byte % 64 & 1;
}

static bool may_match(const struct silt_plan *plan, const struct silt_rule *rule, struct silt_span bytes,
                      size_t end)
{
    const struct silt_glance_hit hit = {.least = rule->least, .reach = rule->reach};
    return rule->glance == SILT_GLANCE_NONE ||
           silt_glance_may_match(&plan->glances, rule->glance, bytes, end, &hit);
}

/* A hit is a candidate of each rule that wants the text and has what must follow. */
static enum silt_status take_users(struct silt_matcher *matcher, const struct silt_text *text,
                                   struct silt_span bytes, size_t end)
{
    const uint32_t *users = silt_array_at(&matcher->plan->users, text->first_user);
    unsigned followed = 0; /* value bytes that are there, as far as they were counted */
    enum silt_status status = SILT_OK;
    for (uint32_t i = 0; i < text->user_count && status == SILT_OK; i++) {
        const struct silt_rule *rule = &matcher->plan->rules[users[i]];
        if (end < bytes.size && !can_follow(rule, bytes.data[end]))
            continue;
        if (rule->follow > followed)
            followed += count_values(bytes, end + followed, rule->follow - followed);
        if (rule->follow <= followed && may_match(matcher->plan, rule, bytes, end))
            status = put(&matcher->candidates, users[i], end);
    }
    return status;
}

/* Turns the hits of a text scope into candidates; gathered ones are moved to where they stand in the window.
 */
static enum silt_status take_texts(struct silt_matcher *matcher, enum silt_scope scope,
                                   struct silt_span bytes, const struct silt_gather *gather,
                                   struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    size_t cursor = 0;
    for (size_t i = 0; i < matcher->hits.count && status == SILT_OK; i++) {
        const struct silt_candidate *hit = &matcher->hits.items[i];
        const struct silt_text *text = silt_array_at(&matcher->plan->texts[scope], hit->rule);
        size_t end = gather != NULL ? silt_gather_source(gather, hit->end, &cursor) : hit->end;
        if (!text->anchor.needs_at || has_at(bytes, end))
            status = take_users(matcher, text, bytes, end);
    }
    return explain(status, error);
}

static enum silt_status take_patterns(struct silt_matcher *matcher, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < matcher->hits.count && status == SILT_OK; i++)
        status = put(&matcher->candidates, matcher->hits.items[i].rule, matcher->hits.items[i].end);
    return explain(status, error);
}

static bool is_before(struct silt_candidate a, struct silt_candidate b)
{
    return a.end != b.end ? a.end < b.end : a.rule < b.rule;
}

static void sift(struct silt_candidate *items, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && is_before(items[child], items[child + 1]))
            child++;
        if (!is_before(items[root], items[child]))
            return;
        struct silt_candidate swap = items[root];
        items[root] = items[child];
        items[child] = swap;
        root = child;
    }
}

/* Heapsort: no memory, and no input makes it slow. Hyperscan keeps the order of ends within one expression
 * only, but mostly over all, so that this is seldom needed. */
static void sort(struct silt_candidate *items, size_t count)
{
    bool is_sorted = true;
    for (size_t i = 1; i < count && is_sorted; i++)
        is_sorted = items[i - 1].end <= items[i].end;
    if (is_sorted)
        return;
    for (size_t i = count / 2; i > 0; i--)
        sift(items, i - 1, count);
    for (size_t i = count; i > 1; i--) {
        struct silt_candidate swap = items[0];
        items[0] = items[i - 1];
        items[i - 1] = swap;
        sift(items, 0, i - 1);
    }
}

/* All of one scope: a rule belongs to one, so that its candidates are in order when the scope's are. */
static enum silt_status search(struct silt_matcher *matcher, enum silt_scope scope, struct silt_span bytes,
                               const struct silt_gather *gather, struct silt_error *error)
{
    size_t before = matcher->candidates.count;
    struct silt_span searched = gather != NULL ? silt_span_of(gather->bytes, gather->size) : bytes;
    enum silt_status status = scan(matcher, scope, searched, error);
    if (status == SILT_OK)
        status = silt_plan_is_text_scope(scope) ? take_texts(matcher, scope, bytes, gather, error)
                                                : take_patterns(matcher, error);
    sort(matcher->candidates.items + before, matcher->candidates.count - before);
    return status;
}

static void put_around(struct silt_gather *gather, struct silt_span bytes, struct silt_values_run run,
                       size_t before, size_t behind)
{
    size_t start = run.start > before ? run.start - before : 0;
    size_t end = bytes.size - run.end > behind ? run.end + behind : bytes.size;
    silt_gather_put(gather, bytes, start, end);
}

static enum silt_status gather(struct silt_matcher *matcher, struct silt_span bytes, struct silt_error *error)
{
    enum silt_status status = silt_gather_begin(&matcher->tokens, bytes.size, error);
    if (status == SILT_OK)
        status = silt_gather_begin(&matcher->values, bytes.size, error);
    if (status != SILT_OK)
        return status;
    struct silt_values values;
    struct silt_values_run run;
    silt_values_begin(&values, bytes);
    while (silt_values_next(&values, &run)) {
        put_around(&matcher->tokens, bytes, run, SILT_TOKENS_BEFORE, SILT_TOKENS_BEHIND);
        if (!silt_values_is_words(silt_span_slice(bytes, run.start, run.end - run.start)))
            put_around(&matcher->values, bytes, run, SILT_VALUES_BEFORE, SILT_VALUES_BEHIND);
    }
    return SILT_OK;
}

static enum silt_status finish(struct silt_matcher *matcher, enum silt_status status,
                               struct silt_candidates *out)
{
    *out = (struct silt_candidates){matcher->candidates.items,
                                    status == SILT_OK ? matcher->candidates.count : 0};
    return status;
}

enum silt_status silt_matcher_find(struct silt_matcher *matcher, struct silt_span bytes,
                                   struct silt_candidates *out, struct silt_error *error)
{
    matcher->candidates.count = 0;
    enum silt_status status = search(matcher, SILT_SCOPE_CONTENT, bytes, NULL, error);
    if (status == SILT_OK)
        status = search(matcher, SILT_SCOPE_PATTERNS, bytes, NULL, error);
    if (status == SILT_OK)
        status = gather(matcher, bytes, error);
    if (status == SILT_OK)
        status = search(matcher, SILT_SCOPE_TOKENS, bytes, &matcher->tokens, error);
    if (status == SILT_OK)
        status = search(matcher, SILT_SCOPE_VALUES, bytes, &matcher->values, error);
    return finish(matcher, status, out);
}

enum silt_status silt_matcher_find_path(struct silt_matcher *matcher, struct silt_span path,
                                        struct silt_candidates *out, struct silt_error *error)
{
    matcher->candidates.count = 0;
    return finish(matcher, search(matcher, SILT_SCOPE_PATH, path, NULL, error), out);
}

void silt_matcher_free(struct silt_matcher *matcher)
{
    if (matcher == NULL)
        return;
    hs_free_scratch(matcher->scratch);
    free(matcher->hits.items);
    free(matcher->candidates.items);
    silt_gather_clear(&matcher->tokens);
    silt_gather_clear(&matcher->values);
    free(matcher);
}

const char *silt_matcher_version(void)
{
    return hs_version();
}
