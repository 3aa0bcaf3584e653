/*
 * outbox.c: events, and what each channel has been told of them.
 */
#include "serve/queue.h"
#include "serve/store/inside.h"

enum { HOLD_MS = 2 * 60 * 1000, GIVE_UP_MS = 3 * 24 * 60 * 60 * 1000 };

static enum silt_status make_event(struct silt_put *put, struct silt_error *error)
{
    if (put->news->event != 0)
        return SILT_OK;
    return silt_sql_ask(put->sql,
                        SILT_SQL_QUERY("INSERT INTO event (uid, image, digest, tag, created) VALUES"
                                       " (lower(hex(randomblob(16))), ?1, ?2, ?3, ?4) RETURNING id",
                                       integer(put->news->image), text(word(put->parcel, "digest")),
                                       text(word(put->parcel, "tag")), integer(put->now_ms)),
                        &put->news->event, error);
}

enum silt_status silt_outbox_note(struct silt_put *put, int64_t finding, int severity,
                                  struct silt_error *error)
{
    enum silt_status status = make_event(put, error);
    if (status == SILT_OK)
        status = silt_sql_run(put->sql,
                              SILT_SQL_QUERY("INSERT OR IGNORE INTO event_finding VALUES (?1, ?2)",
                                             integer(put->news->event), integer(finding)),
                              error);
    put->news->found++;
    if (severity > put->worst)
        put->worst = severity;
    return status;
}

static bool is_wanted(const struct silt_put *put, const struct silt_store_channel *channel)
{
    return put->worst >= (int)channel->min_severity ||
           (channel->wants_all && (put->is_news || put->worst >= 0));
}

static enum silt_status address_to(struct silt_put *put, const struct silt_store_channel *channel,
                                   struct silt_error *error)
{
    enum silt_status status = make_event(put, error);
    if (status != SILT_OK)
        return status;
    return silt_sql_run(put->sql,
                        SILT_SQL_QUERY("INSERT INTO outbox (channel, event, due) VALUES (?1, ?2, ?3)",
                                       text(channel->name), integer(put->news->event), integer(put->now_ms)),
                        error);
}

enum silt_status silt_outbox_address(struct silt_put *put, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < put->store->channel_count && status == SILT_OK; i++)
        if (is_wanted(put, &put->store->channels[i]))
            status = address_to(put, &put->store->channels[i], error);
    if (status != SILT_OK || put->news->event == 0)
        return status;
    return silt_sql_run(put->sql,
                        SILT_SQL_QUERY("UPDATE event SET found = ?2, worst = ?3 WHERE id = ?1",
                                       integer(put->news->event), integer((int64_t)put->news->found),
                                       integer(put->worst > 0 ? put->worst : 0)),
                        error);
}

static enum silt_status read_event(const struct silt_sql_rows *rows, struct silt_store_event *out,
                                   struct silt_error *error)
{
    *out = (struct silt_store_event){.id = silt_sql_integer_at(rows, 0),
                                     .created_ms = silt_sql_integer_at(rows, 1),
                                     .image = silt_sql_integer_at(rows, 2),
                                     .new_findings = (uint64_t)silt_sql_integer_at(rows, 3),
                                     .worst = (enum silt_severity)silt_sql_integer_at(rows, 4)};
    const char **const texts[] = {&out->uid, &out->registry, &out->repository, &out->digest, &out->tag};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!silt_stash_copy_text(&out->stash, silt_sql_text_at(rows, 5 + (int)i), texts[i])) {
            silt_store_event_clear(out);
            return silt_store_memory(error);
        }
    return SILT_OK;
}

static enum silt_status find_event(struct silt_sql *sql, int64_t event, struct silt_store_event *out,
                                   struct silt_error *error)
{
    struct silt_sql_rows *rows;
    enum silt_status status = silt_sql_select(
        sql,
        SILT_SQL_QUERY(
            "SELECT e.id, e.created, e.image, e.found, e.worst, e.uid, r.registry, r.name, e.digest,"
            " e.tag FROM event e JOIN image i ON i.id = e.image JOIN repository r ON r.id ="
            " i.repository WHERE e.id = ?1",
            integer(event)),
        &rows, error);
    if (status == SILT_OK)
        status = silt_sql_next(rows, error);
    if (status == SILT_OK)
        status = read_event(rows, out, error);
    silt_sql_close_rows(rows);
    return status;
}

static enum silt_status find_due(struct silt_sql *sql, const char *channel, int64_t now_ms, int64_t *event,
                                 struct silt_error *error)
{
    enum silt_status status = silt_sql_ask(
        sql,
        SILT_SQL_QUERY("SELECT event FROM outbox WHERE channel = ?1 AND state = 0 AND due <= ?2 ORDER BY due,"
                       " event LIMIT 1",
                       text(channel), integer(now_ms)),
        event, error);
    return status == SILT_ERR_NOT_FOUND ? SILT_END : status;
}

static enum silt_status take_due(struct silt_sql *sql, const char *channel, int64_t now_ms,
                                 struct silt_store_event *out, struct silt_error *error)
{
    int64_t event = 0, attempts = 0;
    enum silt_status status = find_due(sql, channel, now_ms, &event, error);
    if (status == SILT_OK)
        status =
            silt_sql_ask(sql,
                         SILT_SQL_QUERY("UPDATE outbox SET attempts = attempts + 1, due = ?3 WHERE channel"
                                        " = ?1 AND event = ?2 RETURNING attempts",
                                        text(channel), integer(event), integer(now_ms + HOLD_MS)),
                         &attempts, error);
    if (status == SILT_OK)
        status = find_event(sql, event, out, error);
    if (status == SILT_OK)
        out->attempts = (unsigned)attempts;
    return status;
}

/* Whether there is one: asked of the reader, so that nothing is written while there is nothing to send. */
static enum silt_status look(struct silt_store *store, const char *channel, struct silt_error *error)
{
    int64_t event;
    enum silt_status status = silt_sql_begin_reading(store->reader, error);
    if (status != SILT_OK)
        return status;
    return silt_sql_end(store->reader, find_due(store->reader, channel, store->now_ms(), &event, error),
                        error);
}

enum silt_status silt_store_take_event(struct silt_store *store, const char *channel,
                                       struct silt_store_event *out, struct silt_error *error)
{
    *out = (struct silt_store_event){0};
    enum silt_status status = look(store, channel, error);
    if (status == SILT_OK)
        status = silt_sql_begin(store->writer, error);
    if (status != SILT_OK)
        return status;
    status = take_due(store->writer, channel, store->now_ms(), out, error);
    enum silt_status ended = silt_sql_end(store->writer, status, error);
    if (status == SILT_OK && ended != SILT_OK)
        silt_store_event_clear(out);
    return ended;
}

void silt_store_event_clear(struct silt_store_event *event)
{
    silt_stash_clear(&event->stash);
    *event = (struct silt_store_event){0};
}

enum silt_status silt_store_event_sent(struct silt_store *store, const char *channel, int64_t event,
                                       struct silt_error *error)
{
    enum silt_status status = silt_sql_begin(store->writer, error);
    if (status != SILT_OK)
        return status;
    status = silt_sql_run(
        store->writer,
        SILT_SQL_QUERY("UPDATE outbox SET state = 1, reason = '' WHERE channel = ?1 AND event = ?2",
                       text(channel), integer(event)),
        error);
    return silt_sql_end(store->writer, status, error);
}

static enum silt_status note_unsent(struct silt_store *store, const char *channel, int64_t event,
                                    const struct silt_store_unsent *unsent, struct silt_error *error)
{
    int64_t attempts = 0, now = store->now_ms();
    enum silt_status status =
        silt_sql_ask(store->writer,
                     SILT_SQL_QUERY("SELECT attempts FROM outbox WHERE channel = ?1 AND event = ?2",
                                    text(channel), integer(event)),
                     &attempts, error);
    if (status != SILT_OK)
        return status;
    uint64_t pause = silt_queue_backoff_ms((unsigned)attempts);
    if (unsent->retry_after_ms > pause)
        pause = unsent->retry_after_ms;
    return silt_sql_run(
        store->writer,
        SILT_SQL_QUERY(
            "UPDATE outbox SET reason = ?3, failed = ?4, due = ?5, state = iif(?6 OR (SELECT created"
            " FROM event WHERE id = ?2) < ?7, 2, 0) WHERE channel = ?1 AND event = ?2 AND state = 0",
            text(channel), integer(event), text(unsent->reason), integer(now), integer(now + (int64_t)pause),
            integer(unsent->is_final), integer(now - GIVE_UP_MS)),
        error);
}

enum silt_status silt_store_event_unsent(struct silt_store *store, const char *channel, int64_t event,
                                         const struct silt_store_unsent *unsent, struct silt_error *error)
{
    enum silt_status status = silt_sql_begin(store->writer, error);
    return status == SILT_OK
               ? silt_sql_end(store->writer, note_unsent(store, channel, event, unsent, error), error)
               : status;
}

static enum silt_status tell_channel(struct silt_sql *sql, const char *name,
                                     bool (*each)(void *context,
                                                  const struct silt_store_channel_state *channel),
                                     void *context, struct silt_error *error)
{
    struct silt_sql_rows *rows;
    enum silt_status status = silt_sql_select(
        sql,
        SILT_SQL_QUERY("SELECT coalesce(sum(state = 0), 0), coalesce(sum(state = 1), 0),"
                       " coalesce(sum(state = 2), 0), coalesce(max(failed), 0), coalesce((SELECT reason FROM"
                       " outbox WHERE channel = ?1 AND reason <> '' ORDER BY failed DESC LIMIT 1), '')"
                       " FROM outbox WHERE channel = ?1",
                       text(name)),
        &rows, error);
    if (status == SILT_OK)
        status = silt_sql_next(rows, error);
    if (status == SILT_OK &&
        !each(context, &(struct silt_store_channel_state){.name = name,
                                                          .due = (uint64_t)silt_sql_integer_at(rows, 0),
                                                          .sent = (uint64_t)silt_sql_integer_at(rows, 1),
                                                          .given_up = (uint64_t)silt_sql_integer_at(rows, 2),
                                                          .last_failed_ms = silt_sql_integer_at(rows, 3),
                                                          .reason = silt_sql_text_at(rows, 4)}))
        status = SILT_END;
    silt_sql_close_rows(rows);
    return status;
}

enum silt_status silt_store_channels(struct silt_store *store,
                                     bool (*each)(void *context,
                                                  const struct silt_store_channel_state *channel),
                                     void *context, struct silt_error *error)
{
    enum silt_status status = silt_sql_begin_reading(store->reader, error);
    if (status != SILT_OK)
        return status;
    for (size_t i = 0; i < store->channel_count && status == SILT_OK; i++)
        status = tell_channel(store->reader, store->channels[i].name, each, context, error);
    status = silt_sql_end(store->reader, status, error);
    return status == SILT_END ? SILT_OK : status;
}
