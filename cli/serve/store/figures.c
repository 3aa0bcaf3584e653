/*
 * figures.c: sums over all, and over days.
 */
#include "serve/store/filter.h"

#include <string.h>

static bool read_stats(const struct silt_sql_rows *rows, void *context)
{
    struct silt_store_stats *out = context;
    uint64_t *const numbers[] = {&out->registries,     &out->repositories,      &out->images,
                                 &out->current_images, &out->incomplete_images, &out->layers,
                                 &out->layer_bytes};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i] = (uint64_t)silt_sql_integer_at(rows, (int)i);
    return false;
}

static bool read_findings(const struct silt_sql_rows *rows, void *context)
{
    struct silt_store_stats *out = context;
    int64_t state = silt_sql_integer_at(rows, 0), severity = silt_sql_integer_at(rows, 1);
    if (state < SILT_STORE_STATES && severity < SILT_RESULTS_SEVERITIES)
        out->findings[state][severity] = (uint64_t)silt_sql_integer_at(rows, 2);
    return true;
}

enum silt_status silt_store_stats(struct silt_store *store, struct silt_store_stats *out,
                                  struct silt_error *error)
{
    *out = (struct silt_store_stats){0};
    enum silt_status status = silt_filter_run(
        store,
        SILT_SQL_PLAIN(
            "SELECT (SELECT count(DISTINCT registry) FROM repository), (SELECT count(*) FROM"
            " repository), (SELECT count(*) FROM image), (SELECT count(*) FROM image WHERE current),"
            " (SELECT count(*) FROM image WHERE NOT complete), (SELECT count(*) FROM layer),"
            " (SELECT coalesce(sum(size), 0) FROM layer)"),
        read_stats, out, NULL, error);
    if (status != SILT_OK)
        return status;
    return silt_filter_run(
        store, SILT_SQL_PLAIN("SELECT state, severity, count(*) FROM finding GROUP BY state, severity"),
        read_findings, out, NULL, error);
}

struct reader {
    bool (*each)(void *context, const struct silt_store_day *day);
    void *context;
};

static bool read_day(const struct silt_sql_rows *rows, void *context)
{
    const struct reader *reader = context;
    struct silt_store_day day = {.begin_ms = silt_sql_integer_at(rows, 0),
                                 .images = (uint64_t)silt_sql_integer_at(rows, 1),
                                 .found = (uint64_t)silt_sql_integer_at(rows, 2),
                                 .fixed = (uint64_t)silt_sql_integer_at(rows, 3),
                                 .open_at_end = (uint64_t)silt_sql_integer_at(rows, 4)};
    return reader->each(reader->context, &day);
}

enum silt_status silt_store_trend(struct silt_store *store, unsigned days,
                                  bool (*each)(void *context, const struct silt_store_day *day),
                                  void *context, struct silt_error *error)
{
    const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;
    int64_t today = store->now_ms() / day_ms * day_ms;
    if (days == 0)
        return SILT_OK;
    return silt_filter_run(
        store,
        SILT_SQL_QUERY("WITH RECURSIVE day (a, b) AS (SELECT ?1, ?1 + ?3 UNION ALL SELECT b, b + ?3 FROM day"
                       " WHERE b <= ?2) SELECT a,"
                       " (SELECT count(*) FROM image WHERE first_seen >= a AND first_seen < b),"
                       " (SELECT count(*) FROM finding WHERE first_seen >= a AND first_seen < b),"
                       " (SELECT count(*) FROM finding WHERE fixed >= a AND fixed < b),"
                       " (SELECT count(*) FROM finding WHERE first_seen < b AND state <> 1 AND (fixed = 0 OR"
                       " fixed >= b)) FROM day ORDER BY a",
                       integer(today - (int64_t)(days - 1) * day_ms), integer(today), integer(day_ms)),
        read_day, &(struct reader){each, context}, NULL, error);
}
