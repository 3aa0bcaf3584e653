/*
 * put.c: a scan becomes rows, all in one transaction.
 */
#include "serve/store/inside.h"

#include <stdio.h>

static enum silt_status find_repository(struct silt_put *put, struct silt_error *error)
{
    const struct silt_store_scan *scan = put->scan;
    enum silt_status status =
        silt_sql_run(put->sql,
                     SILT_SQL_QUERY("INSERT OR IGNORE INTO repository (registry, name) VALUES (?1, ?2)",
                                    text(scan->registry), text(scan->repository)),
                     error);
    if (status != SILT_OK)
        return status;
    return silt_sql_ask(put->sql,
                        SILT_SQL_QUERY("SELECT id FROM repository WHERE registry = ?1 AND name = ?2",
                                       text(scan->registry), text(scan->repository)),
                        &put->repository, error);
}

static enum silt_status put_reports(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < put->scan->report_count && status == SILT_OK; i++) {
        const struct silt_store_report *report = &put->scan->reports[i];
        status =
            silt_sql_run(put->sql,
                         SILT_SQL_QUERY("INSERT OR REPLACE INTO report (repository, digest, format, data)"
                                        " VALUES (?1, ?2, ?3, ?4)",
                                        integer(put->repository), text(put->scan->digest),
                                        text(report->format), silt_sql_blob(report->data, report->size)),
                         error);
    }
    return status;
}

static enum silt_status put_targets(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < put->scan->target_count && status == SILT_OK; i++) {
        const struct silt_results_target *target = &put->scan->targets[i];
        int64_t image = 0;
        status = silt_put_image(put, target, &image, error);
        if (i == 0)
            put->news->image = image;
        for (size_t j = 0; j < target->finding_count && status == SILT_OK; j++)
            status = silt_put_finding(put, image, target, &target->findings[j], error);
    }
    return status;
}

/* What both kinds of putting end with. */
static enum silt_status settle(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = silt_settle_tags(put, error);
    if (status == SILT_OK)
        status = silt_settle_findings(put, error);
    return status == SILT_OK ? silt_outbox_address(put, error) : status;
}

static enum silt_status put_all(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = find_repository(put, error);
    if (status == SILT_OK)
        status = put_targets(put, error);
    if (status == SILT_OK)
        status = put_reports(put, error);
    return status == SILT_OK ? settle(put, error) : status;
}

static enum silt_status begin(struct silt_put *put, struct silt_store *store,
                              const struct silt_store_scan *scan, struct silt_store_news *news,
                              struct silt_error *error)
{
    *news = (struct silt_store_news){0};
    *put = (struct silt_put){.store = store,
                             .sql = store->writer,
                             .scan = scan,
                             .news = news,
                             .now_ms = store->now_ms(),
                             .worst = -1};
    return silt_sql_begin(put->sql, error);
}

enum silt_status silt_store_put_scan(struct silt_store *store, const struct silt_store_scan *scan,
                                     struct silt_store_news *news, struct silt_error *error)
{
    struct silt_put put;
    enum silt_status status = begin(&put, store, scan, news, error);
    return status == SILT_OK ? silt_sql_end(put.sql, put_all(&put, error), error) : status;
}

/* The image of a push that was scanned, in whole and with the same signatures. */
static enum silt_status find_known(struct silt_put *put, struct silt_error *error)
{
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY("SELECT min(i.id) FROM pushed p JOIN image i ON i.id = p.image WHERE p.repository = ?1"
                       " AND p.digest = ?2 GROUP BY p.digest HAVING min(i.complete AND i.signatures = ?3)",
                       integer(put->repository), text(put->scan->digest), text(put->scan->signatures)),
        &put->news->image, error);
}

static enum silt_status know(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = find_repository(put, error);
    if (status == SILT_OK)
        status = find_known(put, error);
    if (status == SILT_OK)
        status = silt_sql_run(put->sql,
                              SILT_SQL_QUERY("UPDATE image SET last_seen = ?3 WHERE id IN (SELECT image FROM"
                                             " pushed WHERE repository = ?1 AND digest = ?2)",
                                             integer(put->repository), text(put->scan->digest),
                                             integer(put->now_ms)),
                              error);
    return status == SILT_OK ? settle(put, error) : status;
}

enum silt_status silt_store_know_scan(struct silt_store *store, const struct silt_store_scan *scan,
                                      struct silt_store_news *news, struct silt_error *error)
{
    struct silt_put put;
    enum silt_status status = begin(&put, store, scan, news, error);
    return status == SILT_OK ? silt_sql_end(put.sql, know(&put, error), error) : status;
}
