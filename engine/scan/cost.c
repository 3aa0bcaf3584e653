/*
 * cost.c: what each signature adds to the time of a scan. scanner.h says how that is measured and how far it
 * is to be believed.
 */
#include "base/error.h"
#include "match/matcher.h"
#include "scan/meter.h"
#include "scan/scan.h"
#include "signature/set.h"

#include <math.h>
#include <stdlib.h>

enum { GROUPS_FIRST = 16, TRIALS = 150, RUNS = 5, TURN = 1 << 20 };

/* A group that adds less than this part of the whole is not looked into. */
static const double share_of_interest = 0.01;

/* Signatures that are left out together: a row of the costs' items. */
struct group {
    size_t first, count;
    double added_ns, error_ns;
};

struct costing {
    const struct silt_ruleset *ruleset;
    const struct silt_signatures *set;
    struct silt_meter meter;
    struct silt_costs *costs;
    struct silt_array groups; /* of struct group */
    struct silt_matcher *whole;
    struct silt_signature *others; /* room for a set without a group */
    unsigned trials, trial_count;
    bool (*progress)(void *context, double part);
    void *context;
    struct silt_error *error;
};

static enum silt_status tell(const struct costing *costing, double part)
{
    if (costing->progress == NULL || costing->progress(costing->context, part))
        return SILT_OK;
    return silt_error_set(costing->error, SILT_ERR_CANCELLED, "stopped");
}

static enum silt_status scan_corpus(struct costing *costing, const char *target)
{
    struct silt_scan_options options;
    struct silt_scanner *scanner;
    const struct silt_sink sink = {0};
    silt_scan_options_init(&options);
    options.jobs = 1;
    options.all_matches = true;
    enum silt_status status = silt_scanner_new(costing->ruleset, &options, &scanner, costing->error);
    if (status != SILT_OK)
        return status;
    status = silt_scanner_set_meter(scanner, &costing->meter, costing->error);
    if (status == SILT_OK)
        status = silt_scanner_scan(scanner, target, &sink, costing->error);
    silt_scanner_free(scanner);
    if (status == SILT_OK && costing->meter.sample_bytes == 0)
        status = silt_error_set(costing->error, SILT_ERR_USAGE, "%s: nothing in it to match", target);
    return status;
}

/* Matches windows of the sample from the one at `first` on, until so many bytes are done. Answers the window
 * behind the last. */
static enum silt_status match_windows(const struct costing *costing, struct silt_matcher *matcher,
                                      size_t first, size_t limit, size_t *next)
{
    size_t bytes = 0, i = first;
    for (; i < costing->meter.windows.count && bytes < limit; i++) {
        struct silt_candidates candidates;
        struct silt_span window = silt_buffer_span(silt_array_at(&costing->meter.windows, i));
        enum silt_status status = silt_matcher_find(matcher, window, &candidates, costing->error);
        if (status != SILT_OK)
            return status;
        bytes += window.size;
    }
    *next = i;
    return SILT_OK;
}

/* The same, timed. */
static enum silt_status time_windows(const struct costing *costing, struct silt_matcher *matcher,
                                     size_t first, size_t limit, size_t *next, uint64_t *ns)
{
    uint64_t start_ns = silt_meter_now_ns();
    enum silt_status status = match_windows(costing, matcher, first, limit, next);
    *ns += silt_meter_now_ns() - start_ns;
    return status;
}

/* A set of some of the signatures, compiled. The set only borrows. */
struct trial {
    struct silt_signatures set;
    struct silt_ruleset *ruleset;
    struct silt_matcher *matcher;
};

static enum silt_status open_trial(struct trial *trial, struct silt_signature *items, size_t count,
                                   struct silt_error *error)
{
    *trial = (struct trial){.set.items = {.items = items, .count = count, .item_size = sizeof *items}};
    enum silt_status status = silt_ruleset_open(&trial->set, NULL, &trial->ruleset, error);
    return status == SILT_OK ? silt_matcher_new(trial->ruleset, &trial->matcher, error) : status;
}

static void close_trial(struct trial *trial)
{
    silt_matcher_free(trial->matcher);
    silt_ruleset_free(trial->ruleset);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Two matchers over the whole sample, a MB in turns, so that what slows the machine down for a while slows
 * both; and the first becomes the second from turn to turn, as the second finds the bytes in the cache. */
static enum silt_status race(const struct costing *costing, struct silt_matcher *const matchers[2],
                             unsigned first, uint64_t ns[2])
{
    size_t begin = 0, end = 0;
    ns[0] = ns[1] = 0;
    for (unsigned turn = first; begin < costing->meter.windows.count; turn++, begin = end)
        for (unsigned half = 0; half < 2; half++) {
            unsigned which = (turn + half) % 2;
            enum silt_status status = time_windows(costing, matchers[which], begin, TURN, &end, &ns[which]);
            if (status != SILT_OK)
                return status;
        }
    return SILT_OK;
}

/* What the first takes beyond the second. */
static enum silt_status compare(const struct costing *costing, struct silt_matcher *const matchers[2],
                                struct group *out)
{
    double differences[RUNS], per_megabyte = 1e6 / (double)costing->meter.sample_bytes;
    for (unsigned i = 0; i < RUNS; i++) {
        uint64_t ns[2];
        enum silt_status status = race(costing, matchers, i, ns);
        if (status != SILT_OK)
            return status;
        differences[i] = ((double)ns[0] - (double)ns[1]) * per_megabyte;
    }
    qsort(differences, RUNS, sizeof differences[0], compare_doubles);
    out->added_ns = fmin(fmax(differences[RUNS / 2], 0), costing->costs->match_ns);
    out->error_ns = (differences[RUNS * 3 / 4] - differences[RUNS / 4]) / 2;
    return SILT_OK;
}

static bool holds(const struct costing *costing, const struct group *group,
                  const struct silt_signature *signature)
{
    for (size_t i = 0; i < group->count; i++)
        if (costing->costs->items[group->first + i].signature == signature)
            return true;
    return false;
}

static enum silt_status measure_group(struct costing *costing, struct group *group)
{
    struct trial trial;
    size_t count = 0;
    for (size_t i = 0; i < costing->costs->count; i++) {
        const struct silt_signature *signature = silt_signatures_at(costing->set, i);
        if (!holds(costing, group, signature))
            costing->others[count++] = *signature;
    }
    enum silt_status status = open_trial(&trial, costing->others, count, costing->error);
    struct silt_matcher *const matchers[2] = {costing->whole, trial.matcher};
    if (status == SILT_OK)
        status = compare(costing, matchers, group);
    close_trial(&trial);
    costing->trial_count++;
    return status == SILT_OK ? tell(costing, 0.1 + 0.9 * costing->trial_count / costing->trials) : status;
}

static enum silt_status add_group(struct costing *costing, size_t first, size_t count)
{
    struct group *group = silt_array_put(&costing->groups);
    if (group == NULL)
        return silt_error_memory(costing->error);
    group->first = first;
    group->count = count;
    return measure_group(costing, group);
}

/* The dearest group that can be halved and is worth it, or NULL. What may be noise alone is not. */
static struct group *find_dearest(const struct costing *costing)
{
    const struct silt_costs *costs = costing->costs;
    double least = share_of_interest * (costs->match_ns + costs->confirm_ns);
    struct group *dearest = NULL;
    for (size_t i = 0; i < costing->groups.count; i++) {
        struct group *group = silt_array_at(&costing->groups, i);
        if (group->count < 2 || group->added_ns <= least || group->added_ns <= group->error_ns)
            continue;
        dearest = group;
        least = group->added_ns;
    }
    return dearest;
}

static enum silt_status halve(struct costing *costing, struct group *group)
{
    size_t first = group->first, count = group->count;
    group->count = count / 2;
    enum silt_status status = measure_group(costing, group);
    return status == SILT_OK ? add_group(costing, first + count / 2, count - count / 2) : status;
}

static enum silt_status measure_groups(struct costing *costing)
{
    size_t all = costing->costs->count, step = (all + GROUPS_FIRST - 1) / GROUPS_FIRST;
    enum silt_status status = SILT_OK;
    for (size_t first = 0; first < all && status == SILT_OK; first += step)
        status = add_group(costing, first, first + step < all ? step : all - first);
    while (status == SILT_OK && costing->trial_count + 2 <= costing->trials) {
        struct group *group = find_dearest(costing);
        if (group == NULL)
            return SILT_OK;
        status = halve(costing, group);
    }
    return status;
}

/* The whole set's time: the least of a few runs. */
static enum silt_status measure_whole(struct costing *costing)
{
    size_t end;
    uint64_t best_ns = UINT64_MAX;
    enum silt_status status = silt_matcher_new(costing->ruleset, &costing->whole, costing->error);
    for (int i = 0; i < RUNS && status == SILT_OK; i++) {
        uint64_t took_ns = 0;
        status = time_windows(costing, costing->whole, 0, SIZE_MAX, &end, &took_ns);
        best_ns = took_ns < best_ns ? took_ns : best_ns;
    }
    costing->costs->match_ns = (double)best_ns * 1e6 / (double)costing->meter.sample_bytes;
    return status;
}

static enum silt_status measure_matching(struct costing *costing)
{
    costing->others = calloc(costing->costs->count + 1, sizeof *costing->others);
    if (costing->others == NULL)
        return silt_error_memory(costing->error);
    enum silt_status status = measure_whole(costing);
    return status == SILT_OK ? measure_groups(costing) : status;
}

static enum silt_status take_counts(struct costing *costing)
{
    struct silt_costs *costs = costing->costs;
    double megabytes = (double)costing->meter.bytes / 1e6;
    costs->bytes = costing->meter.bytes;
    costs->sample_bytes = costing->meter.sample_bytes;
    costs->count = silt_signatures_count(costing->set);
    costs->items = calloc(costs->count + 1, sizeof *costs->items);
    if (costs->items == NULL)
        return silt_error_memory(costing->error);
    for (size_t i = 0; i < costs->count; i++) {
        const struct silt_meter_count *count = &costing->meter.counts[i];
        costs->items[i] = (struct silt_cost){.signature = silt_signatures_at(costing->set, i),
                                             .candidates = (double)count->candidates / megabytes,
                                             .confirmed = (double)count->confirmed / megabytes,
                                             .confirm_ns = (double)count->confirm_ns / megabytes};
        costs->confirm_ns += costs->items[i].confirm_ns;
    }
    return tell(costing, 0.1);
}

/* What was found out about groups, for their members. */
static void share_out(const struct costing *costing)
{
    struct silt_costs *costs = costing->costs;
    for (size_t i = 0; i < costing->groups.count; i++) {
        const struct group *group = silt_array_at(&costing->groups, i);
        for (size_t j = 0; j < group->count; j++) {
            struct silt_cost *cost = &costs->items[group->first + j];
            cost->group = (unsigned)group->count;
            cost->group_ns = group->added_ns;
            cost->error_ns = group->error_ns;
            cost->match_ns = group->added_ns / (double)group->count;
            cost->share = (cost->match_ns + cost->confirm_ns) / (costs->match_ns + costs->confirm_ns);
        }
    }
}

/* Signatures with many candidates stand together, as the dear ones are among them: so groups of cheap ones
 * need not be looked into. */
static int compare_candidates(const void *a, const void *b)
{
    const struct silt_cost *x = a, *y = b;
    if (x->candidates != y->candidates)
        return x->candidates < y->candidates ? 1 : -1;
    return strcmp(x->signature->id, y->signature->id);
}

static int compare_shares(const void *a, const void *b)
{
    const struct silt_cost *x = a, *y = b;
    if (x->share != y->share)
        return x->share < y->share ? 1 : -1;
    return compare_candidates(a, b);
}

static enum silt_status measure(struct costing *costing, const char *target)
{
    struct silt_costs *costs = costing->costs;
    enum silt_status status = scan_corpus(costing, target);
    if (status == SILT_OK)
        status = take_counts(costing);
    if (status != SILT_OK)
        return status;
    qsort(costs->items, costs->count, sizeof *costs->items, compare_candidates);
    status = measure_matching(costing);
    share_out(costing);
    qsort(costs->items, costs->count, sizeof *costs->items, compare_shares);
    return status;
}

enum silt_status silt_cost_measure(const struct silt_ruleset *ruleset, const char *target, unsigned trials,
                                   bool (*progress)(void *context, double part), void *context,
                                   struct silt_costs *out, struct silt_error *error)
{
    struct costing costing = {.ruleset = ruleset,
                              .set = silt_ruleset_signatures(ruleset),
                              .costs = out,
                              .groups = {.item_size = sizeof(struct group)},
                              .trials = trials > 0 ? trials : TRIALS,
                              .progress = progress,
                              .context = context,
                              .error = error};
    *out = (struct silt_costs){0};
    enum silt_status status = silt_meter_init(&costing.meter, silt_signatures_count(costing.set), error);
    if (status == SILT_OK)
        status = measure(&costing, target);
    if (status != SILT_OK)
        silt_costs_clear(out);
    silt_matcher_free(costing.whole);
    silt_array_clear(&costing.groups);
    free(costing.others);
    silt_meter_clear(&costing.meter);
    return status;
}

void silt_costs_clear(struct silt_costs *costs)
{
    free(costs->items);
    *costs = (struct silt_costs){0};
}
