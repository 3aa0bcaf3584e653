/*
 * put.c: a scan becomes rows, all in one transaction. It comes as a parcel, whether it was made here or
 * elsewhere, so that there is one way in.
 */
#include "serve/store/inside.h"

#include <stdio.h>
#include <string.h>

static enum silt_status find_repository(struct silt_put *put, struct silt_error *error)
{
    const struct silt_sql_value registry = text(word(put->parcel, "registry")),
                                name = text(word(put->parcel, "repository"));
    enum silt_status status = silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("INSERT OR IGNORE INTO repository (registry, name) VALUES (?1, ?2)", registry, name),
        error);
    if (status != SILT_OK)
        return status;
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY("SELECT id FROM repository WHERE registry = ?1 AND name = ?2", registry, name),
        &put->repository, error);
}

static enum silt_status put_report(struct silt_put *put, const char *format, const json_t *report,
                                   struct silt_error *error)
{
    return silt_sql_run(put->sql,
                        SILT_SQL_QUERY("INSERT OR REPLACE INTO report (repository, digest, format, data)"
                                       " VALUES (?1, ?2, ?3, ?4)",
                                       integer(put->repository), text(word(put->parcel, "digest")),
                                       text(format),
                                       silt_sql_blob(json_string_value(report), json_string_length(report))),
                        error);
}

static enum silt_status put_reports(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    const char *format;
    json_t *report, *reports = json_object_get(put->parcel, "reports");
    json_object_foreach(reports, format, report)
    {
        if (status == SILT_OK)
            status = put_report(put, format, report, error);
    }
    return status;
}

static enum silt_status put_target(struct silt_put *put, const json_t *target, struct silt_error *error)
{
    int64_t image = 0;
    size_t i;
    const json_t *finding;
    enum silt_status status = silt_put_image(put, target, &image, error);
    if (put->news->image == 0)
        put->news->image = image;
    json_array_foreach(json_object_get(target, "findings"), i, finding)
    {
        if (status == SILT_OK)
            status = silt_put_finding(put, image, finding, error);
    }
    return status;
}

static enum silt_status put_targets(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    size_t i;
    const json_t *target;
    json_array_foreach(json_object_get(put->parcel, "targets"), i, target)
    {
        if (status == SILT_OK)
            status = put_target(put, target, error);
    }
    return status == SILT_OK ? put_reports(put, error) : status;
}

/* The image of a push that was scanned, in whole and with the same signatures. */
static enum silt_status find_known(struct silt_put *put, struct silt_error *error)
{
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY("SELECT min(i.id) FROM pushed p JOIN image i ON i.id = p.image WHERE p.repository = ?1"
                       " AND p.digest = ?2 GROUP BY p.digest HAVING min(i.complete AND i.signatures = ?3)",
                       integer(put->repository), text(word(put->parcel, "digest")),
                       text(word(put->parcel, "signatures"))),
        &put->news->image, error);
}

static enum silt_status see_again(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = find_known(put, error);
    if (status != SILT_OK)
        return status;
    return silt_sql_run(put->sql,
                        SILT_SQL_QUERY("UPDATE image SET last_seen = ?3 WHERE id IN (SELECT image FROM"
                                       " pushed WHERE repository = ?1 AND digest = ?2)",
                                       integer(put->repository), text(word(put->parcel, "digest")),
                                       integer(put->now_ms)),
                        error);
}

static enum silt_status put_all(struct silt_put *put, struct silt_error *error)
{
    bool has_results = json_object_get(put->parcel, "targets") != NULL;
    enum silt_status status = find_repository(put, error);
    if (status == SILT_OK)
        status = has_results ? put_targets(put, error) : see_again(put, error);
    if (status == SILT_OK)
        status = silt_settle_tags(put, error);
    if (status == SILT_OK)
        status = silt_settle_findings(put, error);
    return status == SILT_OK ? silt_outbox_address(put, error) : status;
}

enum silt_status silt_store_put_parcel(struct silt_store *store, const json_t *parcel,
                                       struct silt_store_news *news, struct silt_error *error)
{
    *news = (struct silt_store_news){0};
    if (strcmp(word(parcel, "schema"), "silt.scan/1") != 0 || *word(parcel, "registry") == '\0' ||
        *word(parcel, "repository") == '\0' || *word(parcel, "digest") == '\0') {
        if (error != NULL)
            snprintf(error->message, sizeof error->message, "it is no scan as this silt writes them");
        return SILT_ERR_UNSUPPORTED;
    }
    struct silt_put put = {.store = store,
                           .sql = store->writer,
                           .parcel = parcel,
                           .news = news,
                           .now_ms = store->now_ms(),
                           .worst = -1};
    enum silt_status status = silt_sql_begin(put.sql, error);
    return status == SILT_OK ? silt_sql_end(put.sql, put_all(&put, error), error) : status;
}

static enum silt_status put_scan(struct silt_store *store, const struct silt_store_scan *scan,
                                 bool with_results, struct silt_store_news *news, struct silt_error *error)
{
    json_t *parcel = silt_parcel_new(scan, with_results);
    enum silt_status status =
        parcel != NULL ? silt_store_put_parcel(store, parcel, news, error) : silt_store_memory(error);
    json_decref(parcel);
    return status;
}

enum silt_status silt_store_put_scan(struct silt_store *store, const struct silt_store_scan *scan,
                                     struct silt_store_news *news, struct silt_error *error)
{
    return put_scan(store, scan, true, news, error);
}

enum silt_status silt_store_know_scan(struct silt_store *store, const struct silt_store_scan *scan,
                                      struct silt_store_news *news, struct silt_error *error)
{
    return put_scan(store, scan, false, news, error);
}
