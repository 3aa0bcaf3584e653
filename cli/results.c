/*
 * results.c: copies of what the sink was lent. Strings and spans go to the stash, rows to arrays that double.
 */
#include "results.h"

#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Room for one more row in an array whose capacity is the next power of two of its count; the new row is
 * zeroed. */
static void *grow(void *rows, size_t count, size_t row_size)
{
    bool is_full = (count & (count - 1)) == 0; /* 0, 1, 2, 4, 8 … */
    size_t capacity = count > 0 ? count * 2 : 1, size;
    if (is_full && __builtin_mul_overflow(capacity, row_size, &size))
        return NULL;
    void *grown = is_full ? realloc(rows, size) : rows;
    if (grown != NULL)
        memset((char *)grown + count * row_size, 0, row_size);
    return grown;
}

static bool copy_place(struct silt_stash *stash, const struct silt_place *from, struct silt_place *to)
{
    *to = *from;
    struct silt_span *chain = silt_stash_take(stash, from->chain_count, sizeof *chain);
    to->chain = chain;
    if (chain == NULL)
        return false;
    for (size_t i = 0; i < from->chain_count; i++)
        if (!silt_stash_copy(stash, from->chain[i], &chain[i]))
            return false;
    return silt_stash_copy(stash, from->path, &to->path);
}

static bool copy_layer(struct silt_stash *stash, const struct silt_image_layer *from,
                       struct silt_image_layer *to)
{
    *to = *from;
    return silt_stash_copy_text(stash, from->digest, &to->digest) &&
           silt_stash_copy_text(stash, from->diff_id, &to->diff_id) &&
           silt_stash_copy_text(stash, from->media_type, &to->media_type) &&
           silt_stash_copy_text(stash, from->created_by, &to->created_by);
}

static bool copy_image(struct silt_stash *stash, const struct silt_image *from, const struct silt_image **out)
{
    struct silt_image *to = silt_stash_take(stash, 1, sizeof *to);
    struct silt_image_layer *layers = silt_stash_take(stash, from->layer_count, sizeof *layers);
    if (to == NULL || layers == NULL)
        return false;
    *to = *from;
    to->layers = layers;
    *out = to;
    for (size_t i = 0; i < from->layer_count; i++)
        if (!copy_layer(stash, &from->layers[i], &layers[i]))
            return false;
    return silt_stash_copy_text(stash, from->reference, &to->reference) &&
           silt_stash_copy_text(stash, from->digest, &to->digest) &&
           silt_stash_copy_text(stash, from->config_digest, &to->config_digest) &&
           silt_stash_copy_text(stash, from->platform, &to->platform) &&
           silt_stash_copy_text(stash, from->created, &to->created) &&
           silt_stash_copy_text(stash, from->revision, &to->revision);
}

static bool copy_also_at(struct silt_stash *stash, const struct silt_finding *from, struct silt_finding *to)
{
    struct silt_place *places = silt_stash_take(stash, from->also_at_count, sizeof *places);
    to->also_at = places;
    if (places == NULL)
        return false;
    for (size_t i = 0; i < from->also_at_count; i++)
        if (!copy_place(stash, &from->also_at[i], &places[i]))
            return false;
    return true;
}

static bool copy_decodings(struct silt_stash *stash, const struct silt_finding *from, struct silt_finding *to)
{
    const char **names = silt_stash_take(stash, from->decoded_from_count, sizeof *names);
    to->decoded_from = names;
    if (names == NULL)
        return false;
    for (size_t i = 0; i < from->decoded_from_count; i++)
        if (!silt_stash_copy_text(stash, from->decoded_from[i], &names[i]))
            return false;
    return true;
}

static bool copy_package(struct silt_stash *stash, const struct silt_finding *from, struct silt_finding *to)
{
    if (from->package == NULL)
        return true;
    struct silt_package *package = silt_stash_take(stash, 1, sizeof *package);
    to->package = package;
    if (package == NULL)
        return false;
    *package = *from->package;
    return silt_stash_copy_text(stash, from->package->name, &package->name) &&
           silt_stash_copy_text(stash, from->package->version, &package->version);
}

static bool copy_finding(struct silt_results *results, const struct silt_finding *from,
                         struct silt_finding *to)
{
    struct silt_stash *stash = &results->stash;
    *to = *from;
    to->secret = (struct silt_span){0};
    if (results->keeps_secrets && !silt_stash_copy(stash, from->secret, &to->secret))
        return false;
    return silt_stash_copy(stash, from->redacted, &to->redacted) &&
           copy_place(stash, &from->place, &to->place) &&
           silt_stash_copy(stash, from->path_bytes, &to->path_bytes) &&
           silt_stash_copy_text(stash, from->created_by, &to->created_by) && copy_also_at(stash, from, to) &&
           silt_stash_copy_text(stash, from->validation_detail, &to->validation_detail) &&
           copy_decodings(stash, from, to) && copy_package(stash, from, to) &&
           silt_stash_copy_text(stash, from->allowed_by, &to->allowed_by) &&
           silt_stash_copy_text(stash, from->allowed_reason, &to->allowed_reason);
}

bool silt_results_begin(struct silt_results *results, const struct silt_target_info *info)
{
    struct silt_results_target *targets = grow(results->targets, results->count, sizeof *targets);
    if (targets == NULL)
        return false;
    results->targets = targets;
    struct silt_results_target *target = &targets[results->count];
    target->info.kind = info->kind;
    if (!silt_stash_copy_text(&results->stash, info->name, &target->info.name))
        return false;
    if (info->image != NULL && !copy_image(&results->stash, info->image, &target->info.image))
        return false;
    results->count++;
    return true;
}

bool silt_results_adopt(struct silt_results *to, struct silt_results *from)
{
    for (size_t i = 0; i < from->count; i++) {
        struct silt_results_target *targets = grow(to->targets, to->count, sizeof *targets);
        if (targets == NULL)
            return false;
        to->targets = targets;
        targets[to->count] = from->targets[i];
        from->targets[i] = (struct silt_results_target){0};
        to->count++;
    }
    silt_stash_join(&to->stash, &from->stash);
    from->count = 0;
    silt_results_clear(from);
    return true;
}

struct silt_results_target *silt_results_current(const struct silt_results *results)
{
    struct silt_results_target *last = results->count > 0 ? &results->targets[results->count - 1] : NULL;
    return last != NULL && !last->has_ended ? last : NULL;
}

bool silt_results_put_finding(struct silt_results *results, const struct silt_finding *finding)
{
    struct silt_results_target *target = silt_results_current(results);
    if (target == NULL)
        return false;
    struct silt_finding *findings = grow(target->findings, target->finding_count, sizeof *findings);
    if (findings == NULL)
        return false;
    target->findings = findings;
    if (!copy_finding(results, finding, &findings[target->finding_count]))
        return false;
    target->finding_count++;
    return true;
}

void silt_results_leave_out(struct silt_results *results, const struct silt_finding *finding)
{
    struct silt_results_target *target = silt_results_current(results);
    if (target != NULL && finding->confidence <= SILT_CONFIDENCE_HIGH)
        target->left_out[finding->confidence]++;
}

bool silt_results_put_skip(struct silt_results *results, const struct silt_skip *skip)
{
    struct silt_results_target *target = silt_results_current(results);
    if (target == NULL)
        return false;
    if ((size_t)skip->reason < SILT_RESULTS_REASONS)
        target->skips_by_reason[skip->reason]++;
    if (target->skip_count == SILT_RESULTS_MOST_SKIPS)
        return true;
    struct silt_skip *skips = grow(target->skips, target->skip_count, sizeof *skips);
    if (skips == NULL)
        return false;
    target->skips = skips;
    struct silt_skip *copy = &skips[target->skip_count];
    *copy = *skip;
    if (!copy_place(&results->stash, &skip->place, &copy->place) ||
        !silt_stash_copy_text(&results->stash, skip->detail, &copy->detail))
        return false;
    target->skip_count++;
    return true;
}

bool silt_results_put_problem(struct silt_results *results, const struct silt_problem *problem)
{
    struct silt_results_target *target = silt_results_current(results);
    if (target == NULL)
        return false;
    struct silt_problem *problems = grow(target->problems, target->problem_count, sizeof *problems);
    if (problems == NULL)
        return false;
    target->problems = problems;
    struct silt_problem *copy = &problems[target->problem_count];
    *copy = *problem;
    if (!copy_place(&results->stash, &problem->place, &copy->place) ||
        !silt_stash_copy_text(&results->stash, problem->message, &copy->message))
        return false;
    target->problem_count++;
    return true;
}

static int compare_spans(struct silt_span a, struct silt_span b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size > 0 ? memcmp(a.data, b.data, size) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_places(const struct silt_place *a, const struct silt_place *b)
{
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    for (size_t i = 0; i <= a->chain_count && i <= b->chain_count; i++) {
        int order = compare_spans(i < a->chain_count ? a->chain[i] : a->path,
                                  i < b->chain_count ? b->chain[i] : b->path);
        if (order != 0)
            return order;
    }
    return (a->chain_count > b->chain_count) - (a->chain_count < b->chain_count);
}

/* Workers hand findings out in any order; a report has one order. */
static int compare_findings(const void *left, const void *right)
{
    const struct silt_finding *a = left, *b = right;
    int order = compare_places(&a->place, &b->place);
    if (order != 0)
        return order;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    order = strcmp(a->signature->id, b->signature->id);
    return order != 0 ? order : strcmp(a->fingerprint, b->fingerprint);
}

static int compare_skips(const void *left, const void *right)
{
    const struct silt_skip *a = left, *b = right;
    int order = compare_places(&a->place, &b->place);
    return order != 0 ? order : (int)a->reason - (int)b->reason;
}

static bool has_content_skip(const struct silt_results_target *target)
{
    for (int reason = 0; reason < SILT_RESULTS_REASONS; reason++)
        if (target->skips_by_reason[reason] > 0 && silt_skip_is_content((enum silt_skip_reason)reason))
            return true;
    return false;
}

bool silt_results_end(struct silt_results *results, const struct silt_coverage *coverage)
{
    struct silt_results_target *target = silt_results_current(results);
    if (target == NULL)
        return false;
    target->coverage = *coverage;
    target->has_ended = true;
    target->is_complete = coverage->is_complete && target->problem_count == 0 && !has_content_skip(target);
    if (target->finding_count > 0)
        qsort(target->findings, target->finding_count, sizeof *target->findings, compare_findings);
    if (target->skip_count > 0)
        qsort(target->skips, target->skip_count, sizeof *target->skips, compare_skips);
    return true;
}

/* What a target that could not be opened was meant to be. */
static enum silt_target_kind guess_kind(const char *name)
{
    static const char *const image_transports[] = {
        "docker-archive:", "oci:", "oci-archive:", "docker:", "docker-daemon:"};
    for (size_t i = 0; i < sizeof image_transports / sizeof *image_transports; i++)
        if (strncmp(name, image_transports[i], strlen(image_transports[i])) == 0)
            return SILT_TARGET_IMAGE;
    if (strcmp(name, "-") == 0)
        return SILT_TARGET_STREAM;
    if (strncmp(name, "dir:", 4) == 0)
        return SILT_TARGET_DIRECTORY;
    if (strncmp(name, "file:", 5) == 0)
        return SILT_TARGET_FILE;
    struct stat status;
    if (stat(name, &status) != 0)
        return SILT_TARGET_IMAGE;
    return S_ISDIR(status.st_mode) ? SILT_TARGET_DIRECTORY : SILT_TARGET_FILE;
}

bool silt_results_fail(struct silt_results *results, const char *name, enum silt_status status,
                       const char *message)
{
    struct silt_target_info info = {.name = name, .kind = guess_kind(name)};
    if (silt_results_current(results) == NULL && !silt_results_begin(results, &info))
        return false;
    struct silt_problem problem = {.status = status, .message = message, .place = {.layer = -1}};
    return silt_results_put_problem(results, &problem) &&
           silt_results_end(results, &(struct silt_coverage){.is_complete = false});
}

const struct silt_image_layer *silt_results_layer(const struct silt_target_info *info, int index)
{
    const struct silt_image *image = info->image;
    const struct silt_image_layer *found = NULL;
    for (size_t i = 0; image != NULL && index >= 0 && i < image->layer_count; i++)
        if (image->layers[i].index == index && (found == NULL || found->is_empty))
            found = &image->layers[i];
    return found;
}

bool silt_results_is_allowed(const struct silt_finding *finding)
{
    return finding->allowed_by != NULL;
}

bool silt_results_is_base(const struct silt_results_target *target, const struct silt_finding *finding)
{
    return finding->place.layer >= 0 && (size_t)finding->place.layer < target->base_layer_count;
}

static void add_target(const struct silt_results_target *target, struct silt_results_counts *counts)
{
    for (size_t i = 0; i < target->finding_count; i++) {
        const struct silt_finding *finding = &target->findings[i];
        bool is_allowed = silt_results_is_allowed(finding);
        counts->allowed += is_allowed;
        counts->findings += !is_allowed;
        counts->by_severity[finding->severity] += !is_allowed;
        counts->base += !is_allowed && silt_results_is_base(target, finding);
    }
}

void silt_results_count_target(const struct silt_results_target *target, struct silt_results_counts *counts)
{
    *counts = (struct silt_results_counts){0};
    add_target(target, counts);
}

void silt_results_count(const struct silt_results *results, struct silt_results_counts *counts)
{
    *counts = (struct silt_results_counts){0};
    for (size_t i = 0; i < results->count; i++)
        add_target(&results->targets[i], counts);
}

bool silt_results_is_complete(const struct silt_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (!results->targets[i].has_ended || !results->targets[i].is_complete)
            return false;
    return true;
}

void silt_results_clear(struct silt_results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        free(results->targets[i].findings);
        free(results->targets[i].skips);
        free(results->targets[i].problems);
    }
    free(results->targets);
    silt_stash_clear(&results->stash);
    results->targets = NULL;
    results->count = 0;
}
