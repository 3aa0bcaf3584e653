/*
 * put_image.c: an image and its layers. A scan that replaces an older one of the same image drops what that
 * had found there; put_finding.c puts what is found now.
 */
#include "serve/store/inside.h"

#include "output/document.h"

#include <jansson.h>
#include <stdio.h>

/* Nothing that an image says has to be valid UTF-8: what is kept is. */
static bool repair(const char *dirty, json_t **out, const char **clean)
{
    *out = silt_document_string(dirty != NULL ? dirty : "");
    *clean = json_string_value(*out);
    return *clean != NULL;
}

/* Why the scan is not complete: the first problem, else the first skip of content. */
static void tell_problem(const struct silt_results_target *target, char *out, size_t out_size)
{
    *out = '\0';
    if (target->has_ended && target->is_complete)
        return;
    if (target->problem_count > 0) {
        snprintf(out, out_size, "%s", target->problems[0].message);
        return;
    }
    for (size_t i = 0; i < target->skip_count; i++) {
        const struct silt_skip *skip = &target->skips[i];
        if (!silt_skip_is_content(skip->reason))
            continue;
        snprintf(out, out_size, "%s: %s", silt_skip_reason_name(skip->reason),
                 skip->detail != NULL ? skip->detail : "");
        return;
    }
    snprintf(out, out_size, "the scan did not end");
}

static uint64_t count_skips(const struct silt_results_target *target)
{
    uint64_t count = 0;
    for (int reason = 0; reason < SILT_RESULTS_REASONS; reason++)
        if (silt_skip_is_content((enum silt_skip_reason)reason))
            count += target->skips_by_reason[reason];
    return count;
}

static uint64_t sum_sizes(const struct silt_image *image, uint64_t *layer_count)
{
    uint64_t bytes = 0;
    *layer_count = 0;
    for (size_t i = 0; i < image->layer_count; i++) {
        bytes += image->layers[i].size_bytes;
        *layer_count += !image->layers[i].is_empty;
    }
    return bytes;
}

static const char *digest_of(const struct silt_put *put, const struct silt_image *image)
{
    return image->digest != NULL ? image->digest : put->scan->digest;
}

/* Whether the same was there before: with the same signatures, complete or not as this one. */
static enum silt_status look_for_news(struct silt_put *put, const char *digest, bool is_complete,
                                      struct silt_error *error)
{
    int64_t there = 0;
    enum silt_status status = silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY("SELECT count(*) FROM image i JOIN pushed p ON p.image = i.id AND p.digest = ?5 WHERE"
                       " i.repository = ?1 AND i.digest = ?2 AND i.signatures = ?3 AND i.complete = ?4",
                       integer(put->repository), text(digest), text(put->scan->signatures),
                       integer(is_complete), text(put->scan->digest)),
        &there, error);
    if (there == 0)
        put->is_news = true;
    return status;
}

static const char upsert[] =
    "INSERT INTO image (repository, digest, pushed_digest, platform, created, config_digest, origin, "
    "signatures,"
    " first_seen, last_seen, complete, problem, layer_count, size, entries, bytes, bytes_scanned, skipped,"
    " cached_layers, duration) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
    " ?16, ?17, ?18, ?19) ON CONFLICT (repository, digest) DO UPDATE SET pushed_digest = ?3, platform = ?4,"
    " created = ?5, config_digest = ?6, signatures = ?8, last_seen = ?9, complete = ?10, problem = ?11,"
    " layer_count = ?12, size = ?13, entries = ?14, bytes = ?15, bytes_scanned = ?16, skipped = ?17,"
    " cached_layers = ?18, duration = ?19 RETURNING id";

/* What of an image is text, repaired. */
struct words {
    json_t *values[4];
    const char *platform, *created, *config_digest, *problem;
};

static bool repair_words(struct words *words, const struct silt_image *image, const char *problem)
{
    return repair(image->platform, &words->values[0], &words->platform) &&
           repair(image->created, &words->values[1], &words->created) &&
           repair(image->config_digest, &words->values[2], &words->config_digest) &&
           repair(problem, &words->values[3], &words->problem);
}

static enum silt_status put_row(struct silt_put *put, const struct silt_results_target *target,
                                const struct silt_image *image, const struct words *words, int64_t *out,
                                struct silt_error *error)
{
    const struct silt_coverage *coverage = &target->coverage;
    uint64_t layer_count, bytes = sum_sizes(image, &layer_count);
    bool is_complete = target->has_ended && target->is_complete;
    enum silt_status status = look_for_news(put, digest_of(put, image), is_complete, error);
    if (status != SILT_OK)
        return status;
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY(upsert, integer(put->repository), text(digest_of(put, image)), text(put->scan->digest),
                       text(words->platform), text(words->created), text(words->config_digest),
                       text(put->scan->origin), text(put->scan->signatures), integer(put->now_ms),
                       integer(is_complete), text(words->problem), size(layer_count), size(bytes),
                       size(coverage->entries), size(coverage->bytes), size(coverage->bytes_scanned),
                       size(count_skips(target)), size(coverage->cached_layers), size(coverage->duration_ms)),
        out, error);
}

static enum silt_status clear_old(struct silt_put *put, int64_t image, struct silt_error *error)
{
    enum silt_status status = silt_sql_run(
        put->sql, SILT_SQL_QUERY("DELETE FROM occurrence WHERE image = ?1", integer(image)), error);
    if (status == SILT_OK)
        status = silt_sql_run(
            put->sql, SILT_SQL_QUERY("DELETE FROM image_layer WHERE image = ?1", integer(image)), error);
    if (status != SILT_OK)
        return status;
    return silt_sql_run(put->sql,
                        SILT_SQL_QUERY("INSERT OR IGNORE INTO pushed VALUES (?1, ?2, ?3)",
                                       integer(put->repository), text(put->scan->digest), integer(image)),
                        error);
}

static enum silt_status put_blob(struct silt_put *put, const struct silt_image_layer *layer, int64_t *out,
                                 struct silt_error *error)
{
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY("INSERT INTO layer (digest, diff_id, media_type, size, first_seen)"
                       " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (digest, diff_id) DO UPDATE SET"
                       " size = ?4 RETURNING id",
                       text(layer->digest), text(layer->diff_id), text(layer->media_type),
                       size(layer->size_bytes), integer(put->now_ms)),
        out, error);
}

/* An empty one has no blob: 0 stands for NULL. */
static enum silt_status put_layer(struct silt_put *put, int64_t image, size_t position,
                                  const struct silt_image_layer *layer, struct silt_error *error)
{
    int64_t blob = 0;
    json_t *value;
    const char *created_by;
    enum silt_status status = layer->is_empty ? SILT_OK : put_blob(put, layer, &blob, error);
    if (status != SILT_OK)
        return status;
    if (repair(layer->created_by, &value, &created_by))
        status = silt_sql_run(put->sql,
                              SILT_SQL_QUERY("INSERT INTO image_layer VALUES (?1, ?2, ?3, nullif(?4, 0), ?5)",
                                             integer(image), size(position), integer(layer->index),
                                             integer(blob), text(created_by)),
                              error);
    else
        status = silt_store_memory(error);
    json_decref(value);
    return status;
}

enum silt_status silt_put_image(struct silt_put *put, const struct silt_results_target *target, int64_t *out,
                                struct silt_error *error)
{
    static const struct silt_image unknown = {0};
    const struct silt_image *image = target->info.image != NULL ? target->info.image : &unknown;
    char problem[SILT_ERROR_SIZE];
    struct words words = {0};
    tell_problem(target, problem, sizeof problem);
    enum silt_status status = repair_words(&words, image, problem)
                                  ? put_row(put, target, image, &words, out, error)
                                  : silt_store_memory(error);
    for (size_t i = 0; i < sizeof words.values / sizeof *words.values; i++)
        json_decref(words.values[i]);
    if (status == SILT_OK)
        status = clear_old(put, *out, error);
    for (size_t i = 0; i < image->layer_count && status == SILT_OK; i++)
        status = put_layer(put, *out, i, &image->layers[i], error);
    return status;
}
