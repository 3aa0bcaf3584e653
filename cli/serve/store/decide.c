/*
 * decide.c: what people decide on findings, and what time does to them.
 */
#include "serve/store/inside.h"

static enum silt_status ignore(struct silt_store *store, const struct silt_store_ignore *what,
                               struct silt_error *error)
{
    enum silt_status status = silt_sql_run(
        store->writer,
        SILT_SQL_QUERY(
            "UPDATE finding SET state = 1, allowed = 0, ignored_reason = ?2, ignored_by = ?3,"
            " ignored_until = ?4 WHERE id = ?1 OR (?5 AND state < 2 AND (repository, secret_hash) ="
            " (SELECT repository, secret_hash FROM finding WHERE id = ?1))",
            integer(what->finding), text(what->reason), text(what->by), integer(what->until_ms),
            integer(what->whole_secret)),
        error);
    return status == SILT_OK && silt_sql_changes(store->writer) == 0
               ? silt_store_missing(error, "finding", what->finding)
               : status;
}

enum silt_status silt_store_ignore(struct silt_store *store, const struct silt_store_ignore *what,
                                   struct silt_error *error)
{
    enum silt_status status = silt_sql_begin(store->writer, error);
    return status == SILT_OK ? silt_sql_end(store->writer, ignore(store, what, error), error) : status;
}

#define IS_CURRENT                                                                                           \
    "EXISTS (SELECT 1 FROM occurrence o JOIN image i ON i.id = o.image WHERE o.finding = finding.id AND"     \
    " i.current)"

/* What was ignored while it was fixed is fixed. */
static enum silt_status reopen(struct silt_store *store, const char *which, int64_t number,
                               struct silt_error *error)
{
    return silt_sql_run(store->writer, SILT_SQL_QUERY(which, integer(number), integer(store->now_ms())),
                        error);
}

#define REOPEN                                                                                               \
    "UPDATE finding SET state = iif(" IS_CURRENT ", 0, 2), fixed = iif(" IS_CURRENT ", 0, ?2), allowed = 0," \
    " ignored_reason = '', ignored_by = '', ignored_until = 0 WHERE state = 1 AND "

enum silt_status silt_store_reopen(struct silt_store *store, int64_t finding, struct silt_error *error)
{
    enum silt_status status = silt_sql_begin(store->writer, error);
    if (status != SILT_OK)
        return status;
    status = reopen(store, REOPEN "id = ?1", finding, error);
    if (status == SILT_OK && silt_sql_changes(store->writer) == 0)
        status = silt_store_missing(error, "ignored finding", finding);
    return silt_sql_end(store->writer, status, error);
}

static enum silt_status forget(struct silt_store *store, int64_t before, struct silt_error *error)
{
    static const char *const statements[] = {
        "DELETE FROM image WHERE (NOT current OR NOT was_tagged) AND last_seen < ?1",
        "DELETE FROM event WHERE created < ?1",
        "DELETE FROM finding WHERE last_seen < ?1 AND NOT EXISTS (SELECT 1 FROM occurrence WHERE finding ="
        " finding.id)",
        "DELETE FROM report WHERE ?1 > 0 AND NOT EXISTS (SELECT 1 FROM pushed p WHERE p.repository ="
        " report.repository AND p.digest = report.digest)",
        "DELETE FROM layer WHERE first_seen < ?1 AND NOT EXISTS (SELECT 1 FROM image_layer WHERE layer ="
        " layer.id)",
    };
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < sizeof statements / sizeof *statements && status == SILT_OK; i++)
        status = silt_sql_run(store->writer, SILT_SQL_QUERY(statements[i], integer(before)), error);
    return status;
}

enum silt_status silt_store_tidy(struct silt_store *store, uint64_t retention_ms, struct silt_error *error)
{
    enum silt_status status = silt_sql_begin(store->writer, error);
    if (status != SILT_OK)
        return status;
    status = reopen(store, REOPEN "ignored_until > 0 AND ignored_until <= ?1", store->now_ms(), error);
    if (status == SILT_OK && retention_ms > 0)
        status = forget(store, store->now_ms() - (int64_t)retention_ms, error);
    return silt_sql_end(store->writer, status, error);
}
