/*
 * settle.c: after a push: where the tags point, which images are current, what is fixed and what is back.
 */
#include "serve/store/inside.h"

#include "serve/queue/tags.h"

static enum silt_status move_tag(struct silt_put *put, const struct silt_tags_item *item,
                                 struct silt_error *error)
{
    struct silt_stash stash = {0};
    struct silt_span name;
    int64_t pushed = item->pushed_ms > 0 ? item->pushed_ms : silt_parcel_number(put->parcel, "pushed_ms");
    if (pushed <= 0)
        pushed = put->now_ms;
    enum silt_status status;
    if (silt_stash_copy(&stash, (struct silt_span){(const uint8_t *)item->name, item->name_size}, &name))
        status = silt_sql_run(
            put->sql,
            SILT_SQL_QUERY("INSERT INTO tag VALUES (?1, ?2, ?3, ?4) ON CONFLICT (repository, name) DO UPDATE"
                           " SET digest = ?3, pushed = ?4 WHERE ?4 >= pushed",
                           integer(put->repository), text((const char *)name.data),
                           text(word(put->parcel, "digest")), integer(pushed)),
            error);
    else
        status = silt_store_memory(error);
    silt_stash_clear(&stash);
    return status;
}

enum silt_status silt_settle_tags(struct silt_put *put, struct silt_error *error)
{
    const char *names = word(put->parcel, "tag"), *times = word(put->parcel, "tag_times");
    bool has_any = false;
    enum silt_status status = SILT_OK;
    for (struct silt_tags_item item; status == SILT_OK && silt_tags_next(&names, &times, &item);) {
        has_any = true;
        status = move_tag(put, &item, error);
    }
    if (!has_any || status != SILT_OK)
        return status;
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("UPDATE image SET was_tagged = 1 WHERE was_tagged = 0 AND id IN (SELECT"
                       " image FROM pushed WHERE repository = ?1 AND digest = ?2)",
                       integer(put->repository), text(word(put->parcel, "digest"))),
        error);
}

static enum silt_status find_current(struct silt_put *put, struct silt_error *error)
{
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY(
            "UPDATE image SET current = NOT current WHERE repository = ?1 AND current <> (was_tagged"
            " = 0 OR EXISTS (SELECT 1 FROM pushed p JOIN tag t ON t.repository = p.repository AND"
            " t.digest = p.digest WHERE p.image = image.id))",
            integer(put->repository)),
        error);
}

#define IN_CURRENT                                                                                           \
    "EXISTS (SELECT 1 FROM occurrence o JOIN image i ON i.id = o.image WHERE o.finding = finding.id AND"     \
    " i.current)"

/* Fixed, and found again. */
static enum silt_status find_back(struct silt_put *put, struct silt_error *error)
{
    struct silt_sql_rows *rows;
    enum silt_status status = silt_sql_select(
        put->sql,
        SILT_SQL_QUERY("SELECT id, severity FROM finding WHERE repository = ?1 AND state = 2 AND " IN_CURRENT,
                       integer(put->repository)),
        &rows, error);
    while (status == SILT_OK && (status = silt_sql_next(rows, error)) == SILT_OK)
        status =
            silt_outbox_note(put, silt_sql_integer_at(rows, 0), (int)silt_sql_integer_at(rows, 1), error);
    silt_sql_close_rows(rows);
    if (status != SILT_END)
        return status;
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("UPDATE finding SET state = 0, fixed = 0 WHERE repository = ?1 AND state"
                       " = 2 AND " IN_CURRENT,
                       integer(put->repository)),
        error);
}

/* What no current image has, if all of these were seen in whole. */
static enum silt_status find_fixed(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("UPDATE finding SET state = 2, fixed = ?2 WHERE repository = ?1 AND state = 0 AND NOT"
                       " EXISTS (SELECT 1 FROM image WHERE repository = ?1 AND current AND NOT complete) AND"
                       " NOT " IN_CURRENT,
                       integer(put->repository), integer(put->now_ms)),
        error);
    put->news->fixed = silt_sql_changes(put->sql);
    return status;
}

enum silt_status silt_settle_findings(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = find_current(put, error);
    if (status == SILT_OK)
        status = find_back(put, error);
    return status == SILT_OK ? find_fixed(put, error) : status;
}
