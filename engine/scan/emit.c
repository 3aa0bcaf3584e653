/*
 * emit.c: from hits to findings.
 *
 * Rows (a hit in a part) are sorted twice: by fingerprint, to merge the same place, and by secret, to find
 * the other places where it stands. What survives is handed out by layer, path and offset.
 */
#include "scan/emit.h"

#include "base/error.h"
#include "base/hex.h"
#include "scan/mask.h"
#include "scan/owner.h"
#include "scan/secret.h"

#include <stdlib.h>

enum { ALSO_AT_MAX = 50 };

struct row {
    const struct silt_hit *hit;
    const struct silt_part *part;
    char fingerprint[33];
    int removed_in;
    enum silt_state state;
    struct silt_package package; /* that owns the file, if has_package */
    bool has_package;
    bool is_public;  /* the file is just what a distribution ships, here and in later versions of the place */
    bool is_counted; /* no comment allows it here, or in a later version of the same place */
    bool is_merged;  /* listed in another row's also_at only, or a repetition */
    bool is_repetition;
};

struct desk {
    const struct silt_emission *emission;
    struct silt_arena arena;
    struct row *rows;
    struct row **by_secret, **by_place;
    size_t count;
    const struct silt_footprint **footprints;
    size_t layer_count;
    struct silt_owner_records records;
    const char **created_by; /* an instruction of the history, masked */
    struct silt_image image;
};

static const struct silt_signature *signature_of(const struct desk *desk, const struct row *row)
{
    const struct silt_signatures *set = silt_ruleset_signatures(desk->emission->scan->ruleset);
    return silt_signatures_at(set, row->hit->match.signature);
}

static int compare_bytes(struct silt_span a, struct silt_span b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size > 0 ? memcmp(a.data, b.data, size) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static bool is_metadata(const struct row *row)
{
    return row->hit->origin != SILT_ORIGIN_FILE && row->hit->origin != SILT_ORIGIN_PATH;
}

/* Where it stands: metadata first, then by layer, container, path, offset. */
static int compare_place(const struct row *a, const struct row *b)
{
    if (a->part->layer != b->part->layer)
        return a->part->layer < b->part->layer ? -1 : 1;
    if (a->hit->origin != b->hit->origin && is_metadata(a))
        return a->hit->origin < b->hit->origin ? -1 : 1;
    int order = compare_bytes(a->part->prefix, b->part->prefix);
    const struct silt_spot *x = a->hit->spot, *y = b->hit->spot;
    for (size_t i = 0; order == 0 && i < x->chain_count && i < y->chain_count; i++)
        order = compare_bytes(x->chain[i], y->chain[i]);
    if (order == 0)
        order = compare_bytes(x->path, y->path);
    if (order != 0)
        return order;
    if (a->hit->offset != b->hit->offset)
        return a->hit->offset < b->hit->offset ? -1 : 1;
    return (a->hit->match.signature > b->hit->match.signature) -
           (a->hit->match.signature < b->hit->match.signature);
}

static int by_place(const void *a, const void *b)
{
    return compare_place(*(struct row *const *)a, *(struct row *const *)b);
}

static int by_fingerprint(const void *a, const void *b)
{
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    int order = memcmp(x->fingerprint, y->fingerprint, sizeof x->fingerprint);
    return order != 0 ? order : compare_place(x, y);
}

static int by_secret(const void *a, const void *b)
{
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    int order = memcmp(x->hit->key, y->hit->key, sizeof x->hit->key);
    return order != 0 ? order : compare_place(x, y);
}

static bool same_secret(const struct row *a, const struct row *b)
{
    return memcmp(a->hit->key, b->hit->key, sizeof a->hit->key) == 0;
}

static void settle_state(const struct desk *desk, struct row *row)
{
    const struct silt_spot *spot = row->hit->spot;
    row->removed_in = -1;
    row->state = SILT_PRESENT;
    if (row->part->layer < 0 || (spot->is_raw && spot->chain_count == 0))
        return;
    struct silt_span path = spot->chain_count > 0 ? spot->chain[0] : spot->path;
    row->state = silt_timeline_state(desk->footprints, desk->layer_count, (size_t)row->part->layer, path,
                                     &row->removed_in);
}

static void settle_owner(const struct desk *desk, struct row *row)
{
    row->has_package = silt_owner_find(&desk->records, row->part, row->hit, &row->package);
    row->is_public = row->has_package && silt_packages_is_public(&row->package);
}

static void fill_rows(struct desk *desk)
{
    size_t n = 0;
    for (size_t p = 0; p < desk->emission->part_count; p++) {
        const struct silt_part *part = &desk->emission->parts[p];
        for (size_t h = 0; part->result != NULL && h < part->result->hits.count; h++) {
            struct row *row = &desk->rows[n];
            *row = (struct row){.hit = silt_result_hit(part->result, h), .part = part};
            row->is_counted = row->hit->allowed == NULL;
            silt_secret_fingerprint(row->hit, part->prefix, signature_of(desk, row)->id, row->fingerprint);
            settle_state(desk, row);
            settle_owner(desk, row);
            desk->by_place[n] = desk->by_secret[n] = row;
            n++;
        }
    }
}

/* What one version of a place says of the others: one that is not allowed counts, and one that is not just
 * what a distribution ships keeps its severity. */
static void merge_row(struct row *before, const struct row *row)
{
    before->is_counted = before->is_counted || row->is_counted;
    if (!before->is_public || row->is_public)
        return;
    before->is_public = false;
    before->has_package = row->has_package;
    before->package = row->package;
}

/* The same place: the first row stays, those after it are its later versions. */
static void merge_places(struct desk *desk)
{
    qsort(desk->by_place, desk->count, sizeof(struct row *), by_fingerprint);
    for (size_t i = 1, first = 0; i < desk->count; i++) {
        struct row *before = desk->by_place[first], *row = desk->by_place[i];
        row->is_merged = memcmp(before->fingerprint, row->fingerprint, sizeof row->fingerprint) == 0;
        if (row->is_merged)
            merge_row(before, row);
        else
            first = i;
    }
}

/* Whether `row` only repeats `other`: Env and Labels stand in the history again, and a build argument in
 * every RUN; a name stands in the archive's header as well. */
static bool repeats(const struct row *row, const struct row *other)
{
    if (row->hit->match.signature != other->hit->match.signature)
        return false;
    if (is_metadata(row) && is_metadata(other))
        return compare_place(other, row) < 0;
    return row->hit->spot->is_raw && other->hit->origin == SILT_ORIGIN_PATH &&
           row->part->layer == other->part->layer;
}

static size_t secret_group_end(const struct desk *desk, size_t start)
{
    size_t end = start + 1;
    while (end < desk->count && same_secret(desk->by_secret[start], desk->by_secret[end]))
        end++;
    return end;
}

static void merge_repetitions(struct desk *desk)
{
    qsort(desk->by_secret, desk->count, sizeof(struct row *), by_secret);
    for (size_t start = 0, end; start < desk->count; start = end) {
        end = secret_group_end(desk, start);
        size_t checked = end - start < ALSO_AT_MAX ? end : start + ALSO_AT_MAX;
        for (size_t i = start; i < end; i++)
            for (size_t j = start; j < checked && !desk->by_secret[i]->is_merged; j++)
                desk->by_secret[i]->is_merged = desk->by_secret[i]->is_repetition =
                    i != j && !desk->by_secret[j]->is_merged &&
                    repeats(desk->by_secret[i], desk->by_secret[j]);
    }
}

static bool same_place(const struct silt_place *a, const struct silt_place *b)
{
    if (a->layer != b->layer || a->chain_count != b->chain_count || compare_bytes(a->path, b->path) != 0)
        return false;
    for (size_t i = 0; i < a->chain_count; i++)
        if (compare_bytes(a->chain[i], b->chain[i]) != 0)
            return false;
    return true;
}

/* The row's place with the part's prefix in front of the chain. */
static struct silt_place place_of(struct desk *desk, const struct row *row)
{
    const struct silt_spot *spot = row->hit->spot;
    struct silt_place place = {spot->chain, spot->chain_count, spot->path, row->part->layer, row->state};
    if (row->part->prefix.size == 0)
        return place;
    struct silt_span *chain = silt_arena_take(&desk->arena, (spot->chain_count + 1) * sizeof *chain);
    if (chain == NULL)
        return place;
    chain[0] = row->part->prefix;
    for (size_t i = 0; i < spot->chain_count; i++)
        chain[i + 1] = spot->chain[i];
    place.chain = chain;
    place.chain_count++;
    return place;
}

struct places {
    struct silt_place items[ALSO_AT_MAX];
    size_t count;
};

static void add_place(struct places *places, const struct silt_place *own, const struct silt_place *other)
{
    bool is_known = same_place(own, other) || places->count == ALSO_AT_MAX;
    for (size_t i = 0; i < places->count && !is_known; i++)
        is_known = same_place(&places->items[i], other);
    if (!is_known)
        places->items[places->count++] = *other;
}

static void add_aliases(const struct row *row, const struct silt_place *own, struct places *places)
{
    const struct silt_array *aliases = &row->part->result->aliases;
    for (size_t i = 0; i < aliases->count && own->chain_count == 0; i++) {
        const struct silt_alias *alias = silt_array_at(aliases, i);
        if (!silt_span_equal(alias->target, own->path))
            continue;
        struct silt_place other = *own;
        other.path = alias->path;
        add_place(places, own, &other);
    }
}

/* Index in by_secret of the first row with the same secret. */
static size_t find_group(const struct desk *desk, const struct row *row)
{
    size_t low = 0, high = desk->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (memcmp(desk->by_secret[middle]->hit->key, row->hit->key, sizeof row->hit->key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void find_also_at(struct desk *desk, const struct row *row, const struct silt_place *own,
                         struct places *places)
{
    places->count = 0;
    add_aliases(row, own, places);
    for (size_t i = find_group(desk, row); i < desk->count && places->count < ALSO_AT_MAX; i++) {
        if (!same_secret(desk->by_secret[i], row))
            break;
        struct silt_place other = place_of(desk, desk->by_secret[i]);
        add_place(places, own, &other);
    }
}

static const char *created_by_of(const struct desk *desk, const struct row *row)
{
    const struct silt_manifest *manifest = desk->emission->manifest;
    if (manifest == NULL)
        return NULL;
    int history = row->hit->history;
    if (row->part->layer >= 0)
        history = manifest->blobs[row->part->layer].history;
    return history >= 0 && (size_t)history < manifest->history_count ? desk->created_by[history] : NULL;
}

/* The comment's words may hold what nobody should read. */
static enum silt_status set_allowance(struct desk *desk, const struct row *row, struct silt_finding *finding,
                                      struct silt_error *error)
{
    struct silt_mask mask = {0};
    if (row->is_counted)
        return SILT_OK;
    enum silt_status status = silt_mask_put(&mask, &row->part->result->hits, error);
    silt_mask_finish(&mask);
    const char *reason = status == SILT_OK ? silt_mask_apply(&mask, row->hit->allowed, &desk->arena) : NULL;
    silt_mask_clear(&mask);
    finding->allowed_by = "comment";
    finding->allowed_reason = reason != NULL ? reason : "";
    return status;
}

/* The finding of the other half of a pair. One that only repeats another is not told of. */
static void set_related(const struct row *row, struct silt_finding *finding)
{
    const struct silt_hit *hits = row->part->result->hits.items;
    if (row->hit->mate == 0)
        return;
    const struct row *mate = row - (row->hit - hits) + (row->hit->mate - 1);
    if (!mate->is_repetition)
        memcpy(finding->related, mate->fingerprint, sizeof finding->related);
}

static enum silt_status emit_row(struct desk *desk, const struct row *row, struct silt_error *error)
{
    const struct silt_hit *hit = row->hit;
    struct places places;
    struct silt_finding finding = {
        .signature = signature_of(desk, row),
        .severity = row->is_public ? SILT_INFO : hit->match.severity,
        .confidence = hit->match.confidence,
        .score = hit->match.score,
        .redacted = hit->redacted,
        .secret = hit->secret,
        .place = place_of(desk, row),
        .path_bytes = hit->spot->path_bytes,
        .offset = hit->offset,
        .line = hit->line,
        .column = hit->column,
        .origin = hit->origin,
        .removed_in = row->removed_in,
        .package = row->has_package ? &row->package : NULL,
        .created_by = created_by_of(desk, row),
        .also_at = places.items,
        .validation = hit->match.validation,
        .validation_detail = hit->match.detail,
        .decoded_from = &hit->decoded_from,
        .decoded_from_count = hit->decoded_from != NULL,
    };
    memcpy(finding.fingerprint, row->fingerprint, sizeof finding.fingerprint);
    silt_hex_print(silt_span_of(hit->key, sizeof hit->key), finding.secret_hash);
    enum silt_status status = set_allowance(desk, row, &finding, error);
    if (status != SILT_OK)
        return status;
    set_related(row, &finding);
    find_also_at(desk, row, &finding.place, &places);
    finding.also_at_count = places.count;
    const struct silt_sink *sink = desk->emission->sink;
    if (sink->finding != NULL && !sink->finding(sink->context, &finding))
        return silt_error_set(error, SILT_ERR_CANCELLED, "stopped by the caller");
    return SILT_OK;
}

static enum silt_status emit_findings(struct desk *desk, struct silt_error *error)
{
    merge_places(desk);
    merge_repetitions(desk);
    qsort(desk->by_place, desk->count, sizeof(struct row *), by_place);
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < desk->count && status == SILT_OK; i++)
        if (!desk->by_place[i]->is_merged)
            status = emit_row(desk, desk->by_place[i], error);
    return status;
}

static void emit_skips(const struct desk *desk, const struct silt_part *part)
{
    const struct silt_sink *sink = desk->emission->sink;
    for (size_t i = 0; sink->skip != NULL && i < part->result->skips.count; i++) {
        struct silt_skip skip = *(const struct silt_skip *)silt_array_at(&part->result->skips, i);
        skip.place.layer = part->layer;
        sink->skip(sink->context, &skip);
    }
    for (size_t i = 0; sink->problem != NULL && i < part->result->problems.count; i++) {
        struct silt_problem problem = *(const struct silt_problem *)silt_array_at(&part->result->problems, i);
        problem.place.layer = part->layer;
        sink->problem(sink->context, &problem);
    }
}

/* A layer that no result came of: the scan ended before it, or the stream that held the image did not have
 * it. */
static void emit_unread(const struct desk *desk, const struct silt_part *part)
{
    const struct silt_emission *emission = desk->emission;
    struct silt_skip skip = {
        .reason = SILT_SKIP_MISSING, .place = {.layer = part->layer}, .detail = "the layer was not met"};
    if (emission->is_cut_short) {
        skip.reason = silt_scan_check(emission->scan, NULL) == SILT_OK ? SILT_SKIP_TOTAL : SILT_SKIP_TIME;
        skip.detail = "the scan stopped before this layer";
    }
    if (emission->manifest != NULL && part->layer >= 0)
        skip.bytes = emission->manifest->blobs[part->layer].size;
    if (emission->sink->skip != NULL)
        emission->sink->skip(emission->sink->context, &skip);
}

static void emit_coverage(const struct desk *desk)
{
    const struct silt_emission *emission = desk->emission;
    struct silt_coverage total = {.is_complete = !emission->is_cut_short && emission->problem_count == 0};
    for (size_t i = 0; i < emission->part_count; i++) {
        const struct silt_result *result = emission->parts[i].result;
        if (result == NULL) {
            total.is_complete = false;
            emit_unread(desk, &emission->parts[i]);
            continue;
        }
        emit_skips(desk, &emission->parts[i]);
        total.cached_layers += result->is_cached;
        total.entries += result->coverage.entries;
        total.bytes += result->coverage.bytes;
        total.bytes_scanned += result->coverage.bytes_scanned;
        total.archives += result->coverage.archives;
        if (result->coverage.max_depth > total.max_depth)
            total.max_depth = result->coverage.max_depth;
        total.is_complete = total.is_complete && result->coverage.is_complete;
    }
    const struct silt_sink *sink = emission->sink;
    for (size_t i = 0; sink->problem != NULL && i < emission->problem_count; i++)
        sink->problem(sink->context, &emission->problems[i]);
    total.duration_ms = silt_scan_clock_ms() - emission->started_ms;
    if (sink->target_end != NULL)
        sink->target_end(sink->context, &total);
}

/* Instructions with every secret of the image masked: they are shown beside findings and layers. */
static enum silt_status mask_history(struct desk *desk, struct silt_error *error)
{
    const struct silt_manifest *manifest = desk->emission->manifest;
    desk->created_by = silt_arena_take(&desk->arena, (manifest->history_count + 1) * sizeof(char *));
    if (desk->created_by == NULL)
        return silt_error_memory(error);
    struct silt_mask mask = {0};
    enum silt_status status = SILT_OK;
    for (size_t p = 0; p < desk->emission->part_count && status == SILT_OK; p++)
        if (desk->emission->parts[p].result != NULL)
            status = silt_mask_put(&mask, &desk->emission->parts[p].result->hits, error);
    silt_mask_finish(&mask);
    for (size_t h = 0; h < manifest->history_count && status == SILT_OK; h++)
        desk->created_by[h] = silt_mask_apply(&mask, manifest->history[h].created_by, &desk->arena);
    silt_mask_clear(&mask);
    return status;
}

static const char *print_digest(struct desk *desk, const struct silt_digest *digest)
{
    char *text = silt_arena_take(&desk->arena, SILT_DIGEST_TEXT_SIZE);
    if (text != NULL)
        silt_digest_print(digest, text);
    return text;
}

static struct silt_image_layer describe_layer(struct desk *desk, size_t index)
{
    const struct silt_blob_ref *blob = &desk->emission->manifest->blobs[index];
    const struct silt_result *result = desk->emission->parts[index].result;
    struct silt_image_layer layer = {
        .index = (int)index,
        .digest = blob->digest,
        .diff_id = blob->diff_id,
        .media_type = blob->media_type,
        .size_bytes = blob->size,
        .created_by = blob->history >= 0 ? desk->created_by[blob->history] : NULL,
    };
    if (result == NULL)
        return layer;
    if (layer.size_bytes == 0)
        layer.size_bytes = result->size;
    if (layer.diff_id == NULL && result->has_diff_id)
        layer.diff_id = print_digest(desk, &result->diff_id);
    layer.is_empty = result->coverage.is_complete && result->coverage.entries == 0;
    return layer;
}

static enum silt_status describe_image(struct desk *desk, struct silt_error *error)
{
    const struct silt_manifest *manifest = desk->emission->manifest;
    struct silt_image_layer *layers =
        silt_arena_take(&desk->arena, (manifest->blob_count + 1) * sizeof *layers);
    desk->footprints = silt_arena_take(&desk->arena, (manifest->blob_count + 1) * sizeof *desk->footprints);
    if (layers == NULL || desk->footprints == NULL)
        return silt_error_memory(error);
    enum silt_status status = mask_history(desk, error);
    if (status != SILT_OK)
        return status;
    desk->layer_count = manifest->blob_count;
    for (size_t i = 0; i < manifest->blob_count; i++) {
        const struct silt_result *result = desk->emission->parts[i].result;
        layers[i] = describe_layer(desk, i);
        desk->footprints[i] = result != NULL ? result->footprint : NULL;
    }
    desk->image = (struct silt_image){manifest->reference,  manifest->digest,  manifest->config_digest,
                                      manifest->platform,   manifest->created, layers,
                                      manifest->blob_count, manifest->revision};
    return SILT_OK;
}

static enum silt_status take_rows(struct desk *desk, struct silt_error *error)
{
    for (size_t i = 0; i < desk->emission->part_count; i++)
        if (desk->emission->parts[i].result != NULL)
            desk->count += desk->emission->parts[i].result->hits.count;
    desk->rows = calloc(desk->count + 1, sizeof *desk->rows);
    desk->by_secret = calloc(desk->count + 1, sizeof *desk->by_secret);
    desk->by_place = calloc(desk->count + 1, sizeof *desk->by_place);
    return desk->rows != NULL && desk->by_secret != NULL && desk->by_place != NULL ? SILT_OK
                                                                                   : silt_error_memory(error);
}

static enum silt_status begin_target(const struct desk *desk, struct silt_error *error)
{
    const struct silt_emission *emission = desk->emission;
    const struct silt_target_info info = {emission->target, emission->kind,
                                          emission->manifest != NULL ? &desk->image : NULL};
    const struct silt_sink *sink = emission->sink;
    if (sink->target_begin != NULL && !sink->target_begin(sink->context, &info))
        return silt_error_set(error, SILT_ERR_CANCELLED, "stopped by the caller");
    return SILT_OK;
}

enum silt_status silt_emit_target(const struct silt_emission *emission, struct silt_error *error)
{
    struct desk desk = {.emission = emission};
    enum silt_status status = take_rows(&desk, error);
    if (status == SILT_OK && emission->manifest != NULL)
        status = describe_image(&desk, error);
    if (status == SILT_OK)
        status = silt_owner_gather(emission, &desk.arena, &desk.records, error);
    if (status == SILT_OK)
        status = begin_target(&desk, error);
    if (status == SILT_OK) {
        fill_rows(&desk);
        status = emit_findings(&desk, error);
        emit_coverage(&desk);
    }
    free(desk.rows);
    free(desk.by_secret);
    free(desk.by_place);
    silt_arena_wipe(&desk.arena);
    return status;
}

struct silt_problem silt_emit_cut(const struct silt_error *cut)
{
    return (struct silt_problem){.status = cut->status, .message = cut->message, .place = {.layer = -1}};
}

enum silt_status silt_emit_outcome(enum silt_status scanned, const struct silt_error *cut,
                                   struct silt_error *error)
{
    if (scanned == SILT_OK || scanned == SILT_ERR_LIMIT)
        return SILT_OK;
    if (error != NULL)
        *error = *cut;
    return scanned;
}
