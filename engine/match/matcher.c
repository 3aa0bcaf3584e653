/*
 * matcher.c: one Hyperscan call a window, and one for each neighbourhood of values in it. The callback does
 * nothing but append.
 */
#include "match/matcher.h"

#include "base/error.h"
#include "match/plan.h"
#include "match/values.h"

#include <hs/hs.h>
#include <stdlib.h>

enum {
    CANDIDATES_FIRST = 4096,
    CANDIDATES_MAX = 4 << 20, /* in one window: 32 MiB; real text gives some hundred in a MiB */
};

struct silt_matcher {
    const hs_database_t *databases[SILT_SCOPE_COUNT];
    hs_scratch_t *scratch;
    struct silt_candidate *items; /* a wall against floods: grows up to CANDIDATES_MAX */
    size_t count, capacity;
    size_t base; /* where in the window the scanned bytes begin */
    bool is_sorted;
    enum silt_status status; /* why the callback stopped the scan */
};

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
    matcher->capacity = CANDIDATES_FIRST;
    matcher->items = malloc(matcher->capacity * sizeof *matcher->items);
    if (matcher->items == NULL || !take_databases(matcher, ruleset)) {
        silt_matcher_free(matcher);
        return silt_error_memory(error);
    }
    *out = matcher;
    return SILT_OK;
}

static enum silt_status grow(struct silt_matcher *matcher)
{
    if (matcher->capacity >= CANDIDATES_MAX)
        return SILT_ERR_LIMIT;
    struct silt_candidate *items = realloc(matcher->items, 2 * matcher->capacity * sizeof *matcher->items);
    if (items == NULL)
        return SILT_ERR_MEMORY;
    matcher->items = items;
    matcher->capacity *= 2;
    return SILT_OK;
}

/* Hyperscan's callback; a non-zero answer stops the scan. */
static int append(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    struct silt_matcher *matcher = context;
    (void)from, (void)flags;
    to += matcher->base;
    if (matcher->count == matcher->capacity && (matcher->status = grow(matcher)) != SILT_OK)
        return 1;
    if (matcher->count > 0 && matcher->items[matcher->count - 1].end > to)
        matcher->is_sorted = false;
    matcher->items[matcher->count++] = (struct silt_candidate){.rule = id, .end = (uint32_t)to};
    return 0;
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
    for (size_t i = count / 2; i > 0; i--)
        sift(items, i - 1, count);
    for (size_t i = count; i > 1; i--) {
        struct silt_candidate swap = items[0];
        items[0] = items[i - 1];
        items[i - 1] = swap;
        sift(items, 0, i - 1);
    }
}

static enum silt_status explain(struct silt_matcher *matcher, hs_error_t result, struct silt_error *error)
{
    if (result != HS_SCAN_TERMINATED)
        return silt_error_set(error, SILT_ERR_MEMORY, "Hyperscan failed (%d)", result);
    if (matcher->status == SILT_ERR_MEMORY)
        return silt_error_memory(error);
    return silt_error_set(error, SILT_ERR_LIMIT, "more than %d candidates in one window", CANDIDATES_MAX);
}

static enum silt_status scan(struct silt_matcher *matcher, enum silt_scope scope, struct silt_span bytes,
                             size_t base, struct silt_error *error)
{
    if (bytes.size >= UINT32_MAX)
        return silt_error_set(error, SILT_ERR_USAGE, "a window of 4 GiB or more");
    if (matcher->databases[scope] == NULL || bytes.size == 0)
        return SILT_OK;
    matcher->base = base;
    hs_error_t result = hs_scan(matcher->databases[scope], (const char *)bytes.data, (unsigned)bytes.size, 0,
                                matcher->scratch, append, matcher);
    return result == HS_SUCCESS ? SILT_OK : explain(matcher, result, error);
}

static enum silt_status scan_values(struct silt_matcher *matcher, struct silt_span bytes,
                                    struct silt_error *error)
{
    struct silt_values_region region;
    enum silt_status status = SILT_OK;
    size_t position = 0;
    while (status == SILT_OK && silt_values_next(bytes, &position, &region))
        status = scan(matcher, SILT_SCOPE_VALUES,
                      silt_span_slice(bytes, region.start, region.end - region.start), region.start, error);
    return status;
}

static void begin(struct silt_matcher *matcher)
{
    matcher->count = 0;
    matcher->is_sorted = true;
}

static enum silt_status finish(struct silt_matcher *matcher, enum silt_status status,
                               struct silt_candidates *out)
{
    if (status == SILT_OK && !matcher->is_sorted)
        sort(matcher->items, matcher->count);
    *out = (struct silt_candidates){matcher->items, status == SILT_OK ? matcher->count : 0};
    return status;
}

enum silt_status silt_matcher_find(struct silt_matcher *matcher, struct silt_span bytes,
                                   struct silt_candidates *out, struct silt_error *error)
{
    begin(matcher);
    enum silt_status status = scan(matcher, SILT_SCOPE_CONTENT, bytes, 0, error);
    if (status == SILT_OK && matcher->databases[SILT_SCOPE_VALUES] != NULL)
        status = scan_values(matcher, bytes, error);
    return finish(matcher, status, out);
}

enum silt_status silt_matcher_find_path(struct silt_matcher *matcher, struct silt_span path,
                                        struct silt_candidates *out, struct silt_error *error)
{
    begin(matcher);
    return finish(matcher, scan(matcher, SILT_SCOPE_PATH, path, 0, error), out);
}

void silt_matcher_free(struct silt_matcher *matcher)
{
    if (matcher == NULL)
        return;
    hs_free_scratch(matcher->scratch);
    free(matcher->items);
    free(matcher);
}

const char *silt_matcher_version(void)
{
    return hs_version();
}
