/*
 * matcher.c: one Hyperscan call a window. The callback does nothing but append.
 */
#include "match/matcher.h"

#include "base/error.h"

#include <hs/hs.h>
#include <stdlib.h>

enum {
    CANDIDATES_FIRST = 4096,
    CANDIDATES_MAX = 4 << 20, /* in one window: 32 MiB; real text gives some hundred in a MiB */
};

struct silt_matcher {
    const hs_database_t *database;
    hs_scratch_t *scratch;
    struct silt_candidate *items; /* a wall against floods: grows up to CANDIDATES_MAX */
    size_t count, capacity;
    bool is_sorted;
    enum silt_status status; /* why the callback stopped the scan */
};

enum silt_status silt_matcher_new(const struct silt_ruleset *ruleset, struct silt_matcher **out,
                                  struct silt_error *error)
{
    struct silt_matcher *matcher = calloc(1, sizeof *matcher);
    if (matcher == NULL)
        return silt_error_memory(error);
    matcher->database = silt_ruleset_database(ruleset);
    matcher->capacity = CANDIDATES_FIRST;
    matcher->items = malloc(matcher->capacity * sizeof *matcher->items);
    if (matcher->items == NULL ||
        (matcher->database != NULL && hs_alloc_scratch(matcher->database, &matcher->scratch) != HS_SUCCESS)) {
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

enum silt_status silt_matcher_find(struct silt_matcher *matcher, struct silt_span bytes,
                                   struct silt_candidates *out, struct silt_error *error)
{
    if (bytes.size >= UINT32_MAX)
        return silt_error_set(error, SILT_ERR_USAGE, "a window of 4 GiB or more");
    matcher->count = 0;
    matcher->is_sorted = true;
    *out = (struct silt_candidates){.items = matcher->items};
    if (matcher->database == NULL || bytes.size == 0)
        return SILT_OK;
    hs_error_t result = hs_scan(matcher->database, (const char *)bytes.data, (unsigned)bytes.size, 0,
                                matcher->scratch, append, matcher);
    if (result != HS_SUCCESS)
        return explain(matcher, result, error);
    if (!matcher->is_sorted)
        sort(matcher->items, matcher->count);
    *out = (struct silt_candidates){.items = matcher->items, .count = matcher->count};
    return SILT_OK;
}

void silt_matcher_free(struct silt_matcher *matcher)
{
    if (matcher == NULL)
        return;
    hs_free_scratch(matcher->scratch);
    free(matcher->items);
    free(matcher);
}
