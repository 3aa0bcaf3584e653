/*
 * jobs.c: SQL. States are the numbers of enum silt_job_state: 0 waiting, 1 running, 2 done, 3 dead.
 */
#include "serve/queue/jobs.h"

#include "serve/queue/tags.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `name` is the tag where there is no digest: it then tells jobs apart. What is counted is kept by triggers,
 * so that a put costs the same however many jobs there are. */
static const char schema[] =
    "CREATE TABLE job (id INTEGER PRIMARY KEY AUTOINCREMENT, registry TEXT NOT NULL, repository TEXT NOT "
    "NULL,"
    " digest TEXT NOT NULL, name TEXT NOT NULL, tags TEXT NOT NULL, tag_times TEXT NOT NULL,"
    " origin TEXT NOT NULL, delivery TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0,"
    " not_before INTEGER NOT NULL, pushed INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT "
    "NULL,"
    " attempts INTEGER NOT NULL DEFAULT 0, lease INTEGER NOT NULL DEFAULT 0,"
    " lease_until INTEGER NOT NULL DEFAULT 0, again INTEGER NOT NULL DEFAULT 0,"
    " reason TEXT NOT NULL DEFAULT '');"
    "CREATE UNIQUE INDEX job_live ON job (registry, repository, digest, name) WHERE state < 2;"
    "CREATE INDEX job_state ON job (state, id);"
    "CREATE INDEX job_ended ON job (changed) WHERE state >= 2;"
    "CREATE TABLE delivery (origin TEXT NOT NULL, delivery TEXT NOT NULL, registry TEXT NOT NULL,"
    " repository TEXT NOT NULL, digest TEXT NOT NULL, tag TEXT NOT NULL, job INTEGER NOT NULL,"
    " seen INTEGER NOT NULL, PRIMARY KEY (origin, delivery, registry, repository, digest, tag)) WITHOUT "
    "ROWID;"
    "CREATE INDEX delivery_seen ON delivery (seen);"
    "CREATE TABLE tally (state INTEGER PRIMARY KEY, jobs INTEGER NOT NULL);"
    "INSERT INTO tally VALUES (0, 0), (1, 0), (2, 0), (3, 0);"
    "CREATE TRIGGER job_put AFTER INSERT ON job BEGIN"
    " UPDATE tally SET jobs = jobs + 1 WHERE state = NEW.state; END;"
    "CREATE TRIGGER job_gone AFTER DELETE ON job BEGIN"
    " UPDATE tally SET jobs = jobs - 1 WHERE state = OLD.state; END;"
    "CREATE TRIGGER job_changed AFTER UPDATE OF state ON job WHEN OLD.state <> NEW.state BEGIN"
    " UPDATE tally SET jobs = jobs - 1 WHERE state = OLD.state;"
    " UPDATE tally SET jobs = jobs + 1 WHERE state = NEW.state; END;";

#define COLUMNS                                                                                              \
    "id, registry, repository, digest, tags, tag_times, origin, delivery, state, not_before, pushed, "       \
    "created,"                                                                                               \
    " changed, attempts, lease, reason"

static enum silt_status put_share(struct silt_sql *sql, const struct silt_queue_settings *settings,
                                  struct silt_error *error)
{
    enum silt_status status = silt_sql_run(
        sql, SILT_SQL_PLAIN("CREATE TEMP TABLE share (registry TEXT PRIMARY KEY, most INTEGER)"), error);
    for (size_t i = 0; i < settings->share_count && status == SILT_OK; i++)
        status = silt_sql_run(sql,
                              SILT_SQL_QUERY("INSERT OR REPLACE INTO share VALUES (?1, ?2)",
                                             silt_sql_text(settings->share[i].registry),
                                             silt_sql_integer(settings->share[i].most)),
                              error);
    return status;
}

enum silt_status silt_jobs_open(struct silt_sql *sql, const struct silt_queue_settings *settings,
                                struct silt_error *error)
{
    static const char *const steps[] = {schema};
    enum silt_status status = silt_sql_upgrade(sql, &(struct silt_sql_part){"queue", steps, 1}, error);
    if (status == SILT_OK)
        status = silt_sql_begin(sql, error);
    return status == SILT_OK ? silt_sql_end(sql, put_share(sql, settings, error), error) : status;
}

static void receipt_of(struct silt_queue_receipt *receipt, enum silt_queue_answer answer, int64_t id)
{
    receipt->answer = answer;
    snprintf(receipt->id, sizeof receipt->id, "%" PRId64, id);
}

/* Whether this very notification has come before. */
static enum silt_status find_delivery(const struct silt_jobs *jobs, const struct silt_job *job, int64_t *id,
                                      struct silt_error *error)
{
    if (*job->delivery == '\0')
        return SILT_ERR_NOT_FOUND;
    return silt_sql_ask(jobs->sql,
                        SILT_SQL_QUERY("SELECT job FROM delivery WHERE origin = ?1 AND delivery = ?2 AND"
                                       " registry = ?3 AND repository = ?4 AND digest = ?5 AND tag = ?6",
                                       silt_sql_text(job->origin), silt_sql_text(job->delivery),
                                       silt_sql_text(job->registry), silt_sql_text(job->repository),
                                       silt_sql_text(job->digest), silt_sql_text(job->tag)),
                        id, error);
}

static enum silt_status note_delivery(const struct silt_jobs *jobs, const struct silt_job *job, int64_t id,
                                      struct silt_error *error)
{
    if (*job->delivery == '\0')
        return SILT_OK;
    return silt_sql_run(
        jobs->sql,
        SILT_SQL_QUERY("INSERT OR IGNORE INTO delivery VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                       silt_sql_text(job->origin), silt_sql_text(job->delivery), silt_sql_text(job->registry),
                       silt_sql_text(job->repository), silt_sql_text(job->digest), silt_sql_text(job->tag),
                       silt_sql_integer(id), silt_sql_integer(jobs->now_ms)),
        error);
}

static const char *name_of(const struct silt_job *job)
{
    return *job->digest == '\0' ? job->tag : "";
}

static int64_t pushed_of(const struct silt_jobs *jobs, const struct silt_job *job)
{
    return job->pushed_ms > 0 ? job->pushed_ms : jobs->now_ms;
}

static enum silt_status copy_failed(struct silt_error *error)
{
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "out of memory");
    return SILT_ERR_MEMORY;
}

static bool copy_texts(const struct silt_sql_rows *rows, struct silt_job *out)
{
    const struct {
        const char **to;
        int column;
    } texts[] = {{&out->id, 0},     {&out->registry, 1}, {&out->repository, 2},
                 {&out->digest, 3}, {&out->tag, 4},      {&out->tag_times, 5},
                 {&out->origin, 6}, {&out->delivery, 7}, {&out->reason, 15}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!silt_stash_copy_text(&out->stash, silt_sql_text_at(rows, texts[i].column), texts[i].to))
            return false;
    return true;
}

/* A copy of the row. */
static enum silt_status read_job(const struct silt_sql_rows *rows, struct silt_job *out,
                                 struct silt_error *error)
{
    *out = (struct silt_job){.state = (enum silt_job_state)silt_sql_integer_at(rows, 8),
                             .not_before_ms = silt_sql_integer_at(rows, 9),
                             .pushed_ms = silt_sql_integer_at(rows, 10),
                             .created_ms = silt_sql_integer_at(rows, 11),
                             .changed_ms = silt_sql_integer_at(rows, 12),
                             .attempts = (unsigned)silt_sql_integer_at(rows, 13),
                             .lease = ""};
    if (copy_texts(rows, out))
        return SILT_OK;
    silt_job_clear(out);
    return copy_failed(error);
}

/* The first row, copied; END if there is none. */
static enum silt_status read_first(const struct silt_jobs *jobs, const struct silt_sql_query *query,
                                   struct silt_job *out, struct silt_error *error)
{
    struct silt_sql_rows *rows;
    enum silt_status status = silt_sql_select(jobs->sql, query, &rows, error);
    if (status == SILT_OK)
        status = silt_sql_next(rows, error);
    if (status == SILT_OK)
        status = read_job(rows, out, error);
    silt_sql_close_rows(rows);
    return status;
}

static enum silt_status join(const struct silt_jobs *jobs, const struct silt_job *job, struct silt_job *live,
                             struct silt_error *error)
{
    struct silt_tags tags = {live->tag, live->tag_times};
    int64_t pushed = pushed_of(jobs, job);
    bool is_new = false;
    if (!silt_tags_put(&tags, job->tag, pushed, &live->stash, &is_new))
        return copy_failed(error);
    bool again = live->state == SILT_JOB_RUNNING && (is_new || *job->digest == '\0');
    return silt_sql_run(jobs->sql,
                        SILT_SQL_QUERY("UPDATE job SET tags = ?2, tag_times = ?3, pushed = max(pushed, ?4),"
                                       " again = max(again, ?5) WHERE id = ?1",
                                       silt_sql_integer(strtoll(live->id, NULL, 10)),
                                       silt_sql_text(tags.names), silt_sql_text(tags.times),
                                       silt_sql_integer(pushed), silt_sql_integer(again)),
                        error);
}

static enum silt_status insert(const struct silt_jobs *jobs, const struct silt_job *job,
                               struct silt_error *error)
{
    char time[24] = "";
    if (*job->tag != '\0')
        snprintf(time, sizeof time, "%" PRId64, pushed_of(jobs, job));
    return silt_sql_run(
        jobs->sql,
        SILT_SQL_QUERY(
            "INSERT INTO job (registry, repository, digest, name, tags, tag_times, origin, delivery,"
            " not_before, pushed, created, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
            " ?10, ?11, ?11)",
            silt_sql_text(job->registry), silt_sql_text(job->repository), silt_sql_text(job->digest),
            silt_sql_text(name_of(job)), silt_sql_text(job->tag), silt_sql_text(time),
            silt_sql_text(job->origin), silt_sql_text(job->delivery), silt_sql_integer(job->not_before_ms),
            silt_sql_integer(pushed_of(jobs, job)), silt_sql_integer(jobs->now_ms)),
        error);
}

/* The live job for the same, copied; END. */
static enum silt_status find_live(const struct silt_jobs *jobs, const struct silt_job *job,
                                  struct silt_job *out, struct silt_error *error)
{
    return read_first(jobs,
                      SILT_SQL_QUERY("SELECT " COLUMNS " FROM job WHERE registry = ?1 AND repository = ?2 AND"
                                     " digest = ?3 AND name = ?4 AND state < 2",
                                     silt_sql_text(job->registry), silt_sql_text(job->repository),
                                     silt_sql_text(job->digest), silt_sql_text(name_of(job))),
                      out, error);
}

static enum silt_status put_new(const struct silt_jobs *jobs, const struct silt_job *job,
                                struct silt_queue_receipt *receipt, struct silt_error *error)
{
    int64_t waiting = 0;
    enum silt_status status =
        silt_sql_ask(jobs->sql, SILT_SQL_PLAIN("SELECT jobs FROM tally WHERE state = 0"), &waiting, error);
    if (status != SILT_OK)
        return status;
    if (waiting >= (int64_t)jobs->settings->max_waiting) {
        *receipt = (struct silt_queue_receipt){.answer = SILT_QUEUE_FULL};
        return SILT_OK;
    }
    status = insert(jobs, job, error);
    receipt_of(receipt, SILT_QUEUE_QUEUED, silt_sql_last_id(jobs->sql));
    return status == SILT_OK ? note_delivery(jobs, job, silt_sql_last_id(jobs->sql), error) : status;
}

enum silt_status silt_jobs_put(const struct silt_jobs *jobs, const struct silt_job *job,
                               struct silt_queue_receipt *receipt, struct silt_error *error)
{
    int64_t id = 0;
    enum silt_status status = find_delivery(jobs, job, &id, error);
    if (status != SILT_ERR_NOT_FOUND) {
        receipt_of(receipt, SILT_QUEUE_JOINED, id);
        return status;
    }
    struct silt_job live = {0};
    status = find_live(jobs, job, &live, error);
    if (status == SILT_END)
        return put_new(jobs, job, receipt, error);
    if (status != SILT_OK)
        return status;
    id = strtoll(live.id, NULL, 10);
    receipt_of(receipt, SILT_QUEUE_JOINED, id);
    status = join(jobs, job, &live, error);
    silt_job_clear(&live);
    return status == SILT_OK ? note_delivery(jobs, job, id, error) : status;
}

enum silt_status silt_jobs_is_due(const struct silt_jobs *jobs, bool *out, struct silt_error *error)
{
    int64_t any = 0;
    enum silt_status status = silt_sql_ask(
        jobs->sql,
        SILT_SQL_QUERY("SELECT EXISTS (SELECT 1 FROM job WHERE state = 0 AND not_before <= ?1) OR"
                       " EXISTS (SELECT 1 FROM job WHERE state = 1 AND lease_until <= ?1)",
                       silt_sql_integer(jobs->now_ms)),
        &any, error);
    *out = any != 0;
    return status;
}

/* Who held them is gone. One that was put again meanwhile has its attempts before it. */
static enum silt_status expire(const struct silt_jobs *jobs, struct silt_error *error)
{
    return silt_sql_run(
        jobs->sql,
        SILT_SQL_QUERY("UPDATE job SET state = iif(attempts >= ?2 AND NOT again, 3, 0), changed = ?1,"
                       " attempts = iif(again, 0, attempts), again = 0, not_before = 0,"
                       " reason = 'the worker that held it ended without a word'"
                       " WHERE state = 1 AND lease_until <= ?1",
                       silt_sql_integer(jobs->now_ms), silt_sql_integer(jobs->settings->max_attempts)),
        error);
}

static enum silt_status hold(const struct silt_jobs *jobs, struct silt_job *job, struct silt_error *error)
{
    int64_t lease = 0;
    char text[24];
    enum silt_status status =
        silt_sql_ask(jobs->sql,
                     SILT_SQL_QUERY("UPDATE job SET state = 1, attempts = attempts + 1, lease = lease + 1,"
                                    " lease_until = ?2, changed = ?3 WHERE id = ?1 RETURNING lease",
                                    silt_sql_integer(strtoll(job->id, NULL, 10)),
                                    silt_sql_integer(jobs->now_ms + (int64_t)jobs->settings->lease_ms),
                                    silt_sql_integer(jobs->now_ms)),
                     &lease, error);
    if (status != SILT_OK)
        return status;
    snprintf(text, sizeof text, "%" PRId64, lease);
    job->state = SILT_JOB_RUNNING;
    job->changed_ms = jobs->now_ms;
    job->attempts++;
    return silt_stash_copy_text(&job->stash, text, &job->lease) ? SILT_OK : copy_failed(error);
}

enum silt_status silt_jobs_take(const struct silt_jobs *jobs, struct silt_job *out, struct silt_error *error)
{
    enum silt_status status = expire(jobs, error);
    if (status == SILT_OK)
        status = read_first(
            jobs,
            SILT_SQL_QUERY("SELECT " COLUMNS " FROM job WHERE state = 0 AND not_before <= ?1 AND registry NOT"
                           " IN (SELECT r.registry FROM job r JOIN share s ON s.registry = r.registry WHERE"
                           " r.state = 1 GROUP BY r.registry HAVING count(*) >= s.most) ORDER BY id LIMIT 1",
                           silt_sql_integer(jobs->now_ms)),
            out, error);
    if (status != SILT_OK)
        return status;
    status = hold(jobs, out, error);
    if (status != SILT_OK)
        silt_job_clear(out);
    return status;
}

/* After a statement that changes the row only if its caller holds it. */
static enum silt_status check_held(const struct silt_jobs *jobs, const struct silt_job *job,
                                   enum silt_status status, struct silt_error *error)
{
    if (status != SILT_OK || silt_sql_changes(jobs->sql) > 0)
        return status;
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "job %s is no longer held: its lease ran out",
                 job->id);
    return SILT_ERR_NOT_FOUND;
}

#define HELD " WHERE id = ?1 AND lease = ?2 AND state = 1"

static struct silt_sql_value id_of(const struct silt_job *job)
{
    return silt_sql_integer(strtoll(job->id, NULL, 10));
}

static struct silt_sql_value lease_of(const struct silt_job *job)
{
    return silt_sql_integer(strtoll(job->lease, NULL, 10));
}

enum silt_status silt_jobs_extend(const struct silt_jobs *jobs, const struct silt_job *job,
                                  struct silt_error *error)
{
    int64_t until = jobs->now_ms + (int64_t)jobs->settings->lease_ms;
    enum silt_status status = silt_sql_run(jobs->sql,
                                           SILT_SQL_QUERY("UPDATE job SET lease_until = ?3" HELD, id_of(job),
                                                          lease_of(job), silt_sql_integer(until)),
                                           error);
    return check_held(jobs, job, status, error);
}

enum silt_status silt_jobs_done(const struct silt_jobs *jobs, const struct silt_job *job,
                                struct silt_error *error)
{
    enum silt_status status = silt_sql_run(
        jobs->sql,
        SILT_SQL_QUERY(
            "UPDATE job SET state = iif(again, 0, 2), changed = ?3, not_before = 0, reason = '',"
            " attempts = iif(again, 0, attempts), created = iif(again, ?3, created), again = 0" HELD,
            id_of(job), lease_of(job), silt_sql_integer(jobs->now_ms)),
        error);
    return check_held(jobs, job, status, error);
}

enum silt_status silt_jobs_fail(const struct silt_jobs *jobs, const struct silt_job *job,
                                const struct silt_queue_failure *failure, struct silt_error *error)
{
    uint64_t pause = silt_queue_backoff_ms(job->attempts);
    if (failure->retry_after_ms > 0)
        pause = failure->retry_after_ms;
    bool is_dead = failure->is_final || job->attempts >= jobs->settings->max_attempts;
    enum silt_status status = silt_sql_run(
        jobs->sql,
        SILT_SQL_QUERY("UPDATE job SET state = iif(?4 AND NOT again, 3, 0), changed = ?3, reason = ?5,"
                       " not_before = iif(again, 0, ?6), attempts = iif(again, 0, attempts), again = 0" HELD,
                       id_of(job), lease_of(job), silt_sql_integer(jobs->now_ms), silt_sql_integer(is_dead),
                       silt_sql_text(failure->reason),
                       silt_sql_integer(is_dead ? 0 : jobs->now_ms + (int64_t)pause)),
        error);
    return check_held(jobs, job, status, error);
}

enum silt_status silt_jobs_release(const struct silt_jobs *jobs, const struct silt_job *job,
                                   struct silt_error *error)
{
    enum silt_status status =
        silt_sql_run(jobs->sql,
                     SILT_SQL_QUERY("UPDATE job SET state = 0, changed = ?3, again = 0,"
                                    " attempts = iif(again, 0, attempts - 1)" HELD,
                                    id_of(job), lease_of(job), silt_sql_integer(jobs->now_ms)),
                     error);
    return check_held(jobs, job, status, error);
}

enum silt_status silt_jobs_revive(const struct silt_jobs *jobs, int64_t id, struct silt_error *error)
{
    enum silt_status status = silt_sql_run(
        jobs->sql,
        SILT_SQL_QUERY(
            "UPDATE job SET state = 0, attempts = 0, not_before = 0, changed = ?2, created = ?2"
            " WHERE id = ?1 AND state = 3 AND NOT EXISTS (SELECT 1 FROM job l WHERE l.state < 2 AND"
            " l.registry = job.registry AND l.repository = job.repository AND l.digest = job.digest"
            " AND l.name = job.name)",
            silt_sql_integer(id), silt_sql_integer(jobs->now_ms)),
        error);
    if (status != SILT_OK || silt_sql_changes(jobs->sql) > 0)
        return status;
    if (error != NULL)
        snprintf(error->message, sizeof error->message,
                 "job %" PRId64 " is not dead, or another for the same image is on its way", id);
    return SILT_ERR_NOT_FOUND;
}

enum silt_status silt_jobs_prune(const struct silt_jobs *jobs, struct silt_error *error)
{
    struct silt_sql_value before = silt_sql_integer(jobs->now_ms - (int64_t)jobs->settings->keep_ms);
    enum silt_status status = silt_sql_run(
        jobs->sql, SILT_SQL_QUERY("DELETE FROM job WHERE state >= 2 AND changed < ?1", before), error);
    return status == SILT_OK
               ? silt_sql_run(jobs->sql, SILT_SQL_QUERY("DELETE FROM delivery WHERE seen < ?1", before),
                              error)
               : status;
}

enum silt_status silt_jobs_count(const struct silt_jobs *jobs, struct silt_queue_counts *out,
                                 struct silt_error *error)
{
    struct silt_sql_rows *rows;
    enum silt_status status =
        silt_sql_select(jobs->sql, SILT_SQL_PLAIN("SELECT state, jobs FROM tally"), &rows, error);
    while (status == SILT_OK && (status = silt_sql_next(rows, error)) == SILT_OK)
        out->jobs[silt_sql_integer_at(rows, 0)] = (uint64_t)silt_sql_integer_at(rows, 1);
    silt_sql_close_rows(rows);
    int64_t due = 0, oldest = jobs->now_ms;
    if (status == SILT_END)
        status = silt_sql_ask(jobs->sql,
                              SILT_SQL_QUERY("SELECT count(*) FROM job WHERE state = 0 AND not_before <= ?1",
                                             silt_sql_integer(jobs->now_ms)),
                              &due, error);
    if (status == SILT_OK)
        status = silt_sql_ask(jobs->sql,
                              SILT_SQL_QUERY("SELECT coalesce(min(created), ?1) FROM job WHERE state = 0",
                                             silt_sql_integer(jobs->now_ms)),
                              &oldest, error);
    out->due = (uint64_t)due;
    out->oldest_age_ms = jobs->now_ms - oldest;
    return status;
}

enum silt_status silt_jobs_list(const struct silt_jobs *jobs, const struct silt_queue_filter *filter,
                                bool (*each)(void *context, const struct silt_job *job), void *context,
                                struct silt_error *error)
{
    int64_t before = filter->before != NULL ? strtoll(filter->before, NULL, 10) : INT64_MAX;
    const struct silt_sql_query *query = SILT_SQL_QUERY(
        "SELECT " COLUMNS " FROM job WHERE (?1 < 0 OR state = ?1) AND (?2 = '' OR registry = ?2) AND"
        " (?3 = '' OR repository = ?3) AND id < ?4 ORDER BY id DESC LIMIT ?5",
        silt_sql_integer(filter->has_state ? (int)filter->state : -1), silt_sql_text(filter->registry),
        silt_sql_text(filter->repository), silt_sql_integer(before), silt_sql_integer(filter->limit));
    struct silt_sql_rows *rows;
    enum silt_status status = silt_sql_select(jobs->sql, query, &rows, error);
    for (bool goes_on = true; status == SILT_OK && goes_on;) {
        struct silt_job job = {0};
        status = silt_sql_next(rows, error);
        if (status == SILT_OK)
            status = read_job(rows, &job, error);
        goes_on = status == SILT_OK && each(context, &job);
        silt_job_clear(&job);
    }
    silt_sql_close_rows(rows);
    return status == SILT_END ? SILT_OK : status;
}

enum silt_status silt_jobs_find(const struct silt_jobs *jobs, int64_t id, struct silt_job *out,
                                struct silt_error *error)
{
    enum silt_status status = read_first(
        jobs, SILT_SQL_QUERY("SELECT " COLUMNS " FROM job WHERE id = ?1", silt_sql_integer(id)), out, error);
    if (status != SILT_END)
        return status;
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "there is no job %" PRId64, id);
    return SILT_ERR_NOT_FOUND;
}
