/*
 * put_image.c: an image and its layers. A scan that replaces an older one of the same image drops what that
 * had found there; put_finding.c puts what is found now.
 */
#include "serve/store/inside.h"

static const char *digest_of(const struct silt_put *put, const json_t *image)
{
    const char *digest = word(image, "digest");
    return *digest != '\0' ? digest : word(put->parcel, "digest");
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
                       integer(put->repository), text(digest), text(word(put->parcel, "signatures")),
                       integer(is_complete), text(word(put->parcel, "digest"))),
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

static int64_t sum_sizes(const json_t *layers, int64_t *layer_count)
{
    int64_t bytes = 0;
    size_t i;
    const json_t *layer;
    *layer_count = 0;
    json_array_foreach(layers, i, layer)
    {
        bytes += silt_parcel_number(layer, "size");
        *layer_count += !json_is_true(json_object_get(layer, "empty"));
    }
    return bytes;
}

static enum silt_status put_row(struct silt_put *put, const json_t *target, int64_t *out,
                                struct silt_error *error)
{
    const json_t *image = json_object_get(target, "image"), *parcel = put->parcel;
    int64_t layer_count, bytes = sum_sizes(json_object_get(image, "layers"), &layer_count);
    bool is_complete = json_is_true(json_object_get(target, "complete"));
    enum silt_status status = look_for_news(put, digest_of(put, image), is_complete, error);
    if (status != SILT_OK)
        return status;
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY(
            upsert, integer(put->repository), text(digest_of(put, image)), text(word(parcel, "digest")),
            text(word(image, "platform")), text(word(image, "created")), text(word(image, "config_digest")),
            text(word(parcel, "origin")), text(word(parcel, "signatures")), integer(put->now_ms),
            integer(is_complete), text(word(target, "problem")), integer(layer_count), integer(bytes),
            number(target, "entries"), number(target, "bytes"), number(target, "bytes_scanned"),
            number(target, "skipped"), number(target, "cached_layers"), number(target, "duration_ms")),
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
                                       integer(put->repository), text(word(put->parcel, "digest")),
                                       integer(image)),
                        error);
}

static enum silt_status put_blob(struct silt_put *put, const json_t *layer, int64_t *out,
                                 struct silt_error *error)
{
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY("INSERT INTO layer (digest, diff_id, media_type, size, first_seen)"
                       " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (digest, diff_id) DO UPDATE SET"
                       " size = ?4 RETURNING id",
                       text(word(layer, "digest")), text(word(layer, "diff_id")),
                       text(word(layer, "media_type")), number(layer, "size"), integer(put->now_ms)),
        out, error);
}

/* An empty one has no blob: 0 stands for NULL. */
static enum silt_status put_layer(struct silt_put *put, int64_t image, size_t position, const json_t *layer,
                                  struct silt_error *error)
{
    int64_t blob = 0;
    bool is_empty = json_is_true(json_object_get(layer, "empty"));
    enum silt_status status = is_empty ? SILT_OK : put_blob(put, layer, &blob, error);
    if (status != SILT_OK)
        return status;
    return silt_sql_run(put->sql,
                        SILT_SQL_QUERY("INSERT INTO image_layer VALUES (?1, ?2, ?3, nullif(?4, 0), ?5)",
                                       integer(image), integer((int64_t)position), number(layer, "index"),
                                       integer(blob), text(word(layer, "created_by"))),
                        error);
}

enum silt_status silt_put_image(struct silt_put *put, const json_t *target, int64_t *out,
                                struct silt_error *error)
{
    size_t i;
    const json_t *layer, *layers = json_object_get(json_object_get(target, "image"), "layers");
    enum silt_status status = put_row(put, target, out, error);
    if (status == SILT_OK)
        status = clear_old(put, *out, error);
    json_array_foreach(layers, i, layer)
    {
        if (status == SILT_OK)
            status = put_layer(put, *out, i, layer, error);
    }
    return status;
}
