/*
 * sql.c: SQLite, with statements kept prepared by their text and one mutex a connection.
 */
#include "serve/database/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    APPLICATION = 0x73696c73, /* "sils", in the file's header (sqlite.org/fileformat2.html, 1.3.13) */
    BUSY_MS = 10000,
    STATEMENTS = 96, /* kept prepared; more are made and dropped */
};

/* A statement, perhaps with its rows being read. */
struct silt_sql_rows {
    struct silt_sql *sql;
    sqlite3_stmt *statement;
    bool is_used, is_kept;
};

struct silt_sql {
    sqlite3 *db;
    pthread_mutex_t mutex;
    bool is_full;
    struct silt_sql_rows kept[STATEMENTS];
    size_t kept_count;
};

static const char setup[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;"
    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;";

static enum silt_status say(struct silt_error *error, enum silt_status status, const char *message)
{
    if (error != NULL) {
        error->status = status;
        snprintf(error->message, sizeof error->message, "%s", message);
    }
    return status;
}

static enum silt_status kind_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return SILT_OK;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return SILT_ERR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SILT_ERR_LIMIT;
    case SQLITE_NOMEM:
        return SILT_ERR_MEMORY;
    default:
        return SILT_ERR_IO;
    }
}

static enum silt_status judge(struct silt_sql *sql, int code, struct silt_error *error)
{
    enum silt_status status = kind_of(code);
    if (status == SILT_OK)
        return SILT_OK;
    sql->is_full = (code & 0xff) == SQLITE_FULL ||
                   ((code & 0xff) == SQLITE_IOERR && sqlite3_system_errno(sql->db) == ENOSPC);
    const char *path = sqlite3_db_filename(sql->db, "main");
    char message[SILT_ERROR_SIZE];
    snprintf(message, sizeof message, "%.200s: %s", path != NULL ? path : "database",
             sql->is_full ? "no room on the disk: make some" : sqlite3_errmsg(sql->db));
    return say(error, status, message);
}

static enum silt_status run_script(struct silt_sql *sql, const char *script, struct silt_error *error)
{
    return judge(sql, sqlite3_exec(sql->db, script, NULL, NULL, NULL), error);
}

/* Only a file that was not there is opened: closing one would drop the locks that this process may hold on it
 * through another connection (sqlite.org/howtocorrupt.html, 2.2). */
static enum silt_status make_file(const char *path, struct silt_error *error)
{
    char message[SILT_ERROR_SIZE];
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    if (fd >= 0 || errno == EEXIST)
        return SILT_OK;
    snprintf(message, sizeof message, "%.300s: %s", path, strerrordesc_np(errno));
    return say(error, SILT_ERR_IO, message);
}

/* While several processes open a new file, changing to a write-ahead log can answer BUSY at once. */
static enum silt_status set_up(struct silt_sql *sql, struct silt_error *error)
{
    enum { TRIES = 200, WAIT_MS = 20 };
    enum silt_status status = SILT_ERR_LIMIT;
    for (int i = 0; i < TRIES && status == SILT_ERR_LIMIT; i++) {
        if (i > 0)
            sqlite3_sleep(WAIT_MS);
        status = run_script(sql, setup, error);
    }
    return status;
}

/* In a transaction: a new file becomes ours; any other must be. */
static enum silt_status identify(struct silt_sql *sql, struct silt_error *error)
{
    char text[160];
    int64_t application = 0, objects = 0;
    enum silt_status status = silt_sql_ask(sql, SILT_SQL_PLAIN("PRAGMA application_id"), &application, error);
    if (status == SILT_OK)
        status = silt_sql_ask(sql, SILT_SQL_PLAIN("SELECT count(*) FROM sqlite_schema"), &objects, error);
    if (status != SILT_OK || application == APPLICATION)
        return status;
    if (application != 0 || objects != 0)
        return say(error, SILT_ERR_UNSUPPORTED, "the file is a database of another program");
    snprintf(text, sizeof text,
             "PRAGMA application_id = %d;"
             "CREATE TABLE part (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID",
             APPLICATION);
    return run_script(sql, text, error);
}

static enum silt_status open_file(struct silt_sql *sql, const char *path, struct silt_error *error)
{
    enum silt_status status = make_file(path, error);
    if (status != SILT_OK)
        return status;
    int code = sqlite3_open_v2(path, &sql->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return judge(sql, code, error);
    sqlite3_extended_result_codes(sql->db, 1);
    sqlite3_busy_timeout(sql->db, BUSY_MS);
    sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    status = set_up(sql, error);
    if (status == SILT_OK)
        status = silt_sql_begin(sql, error);
    return status == SILT_OK ? silt_sql_end(sql, identify(sql, error), error) : status;
}

enum silt_status silt_sql_open(const char *path, struct silt_sql **out, struct silt_error *error)
{
    struct silt_sql *sql = calloc(1, sizeof *sql);
    if (sql == NULL)
        return say(error, SILT_ERR_MEMORY, "out of memory");
    pthread_mutex_init(&sql->mutex, NULL);
    enum silt_status status = open_file(sql, path, error);
    if (status == SILT_OK)
        *out = sql;
    else
        silt_sql_close(sql);
    return status;
}

void silt_sql_close(struct silt_sql *sql)
{
    if (sql == NULL)
        return;
    for (size_t i = 0; i < sql->kept_count; i++)
        sqlite3_finalize(sql->kept[i].statement);
    sqlite3_close(sql->db);
    pthread_mutex_destroy(&sql->mutex);
    free(sql);
}

static enum silt_status upgrade(struct silt_sql *sql, const struct silt_sql_part *part,
                                struct silt_error *error)
{
    int64_t version = 0;
    enum silt_status status = silt_sql_ask(
        sql, SILT_SQL_QUERY("SELECT version FROM part WHERE name = ?1", silt_sql_text(part->name)), &version,
        error);
    if (status != SILT_OK && status != SILT_ERR_NOT_FOUND)
        return status;
    if (version > (int64_t)part->step_count)
        return say(error, SILT_ERR_UNSUPPORTED,
                   "the database was written by a newer silt: use that, or another --state-dir");
    status = SILT_OK;
    for (size_t i = (size_t)version; i < part->step_count && status == SILT_OK; i++)
        status = run_script(sql, part->steps[i], error);
    if (status != SILT_OK)
        return status;
    return silt_sql_run(sql,
                        SILT_SQL_QUERY("INSERT OR REPLACE INTO part (name, version) VALUES (?1, ?2)",
                                       silt_sql_text(part->name),
                                       silt_sql_integer((int64_t)part->step_count)),
                        error);
}

enum silt_status silt_sql_upgrade(struct silt_sql *sql, const struct silt_sql_part *part,
                                  struct silt_error *error)
{
    enum silt_status status = silt_sql_begin(sql, error);
    return status == SILT_OK ? silt_sql_end(sql, upgrade(sql, part, error), error) : status;
}

static enum silt_status begin(struct silt_sql *sql, const char *how, struct silt_error *error)
{
    pthread_mutex_lock(&sql->mutex);
    enum silt_status status = silt_sql_run(sql, SILT_SQL_PLAIN(how), error);
    if (status != SILT_OK)
        pthread_mutex_unlock(&sql->mutex);
    return status;
}

enum silt_status silt_sql_begin(struct silt_sql *sql, struct silt_error *error)
{
    return begin(sql, "BEGIN IMMEDIATE", error);
}

enum silt_status silt_sql_begin_reading(struct silt_sql *sql, struct silt_error *error)
{
    return begin(sql, "BEGIN", error);
}

enum silt_status silt_sql_end(struct silt_sql *sql, enum silt_status status, struct silt_error *error)
{
    enum silt_status committed = SILT_OK;
    if (status == SILT_OK || status == SILT_END)
        committed = silt_sql_run(sql, SILT_SQL_PLAIN("COMMIT"), error);
    if (committed != SILT_OK)
        status = committed;
    if (sqlite3_get_autocommit(sql->db) == 0)
        sqlite3_exec(sql->db, "ROLLBACK", NULL, NULL, NULL);
    pthread_mutex_unlock(&sql->mutex);
    return status;
}

bool silt_sql_is_full(const struct silt_sql *sql)
{
    return sql->is_full;
}

/* A statement that is kept and not in use, or NULL. */
static struct silt_sql_rows *find_kept(struct silt_sql *sql, const char *text)
{
    for (size_t i = 0; i < sql->kept_count; i++)
        if (!sql->kept[i].is_used && strcmp(sqlite3_sql(sql->kept[i].statement), text) == 0)
            return &sql->kept[i];
    return NULL;
}

static enum silt_status prepare(struct silt_sql *sql, const char *text, struct silt_sql_rows **out,
                                struct silt_error *error)
{
    struct silt_sql_rows *rows = find_kept(sql, text);
    if (rows != NULL) {
        *out = rows;
        return SILT_OK;
    }
    bool is_kept = sql->kept_count < STATEMENTS;
    rows = is_kept ? &sql->kept[sql->kept_count] : calloc(1, sizeof *rows);
    if (rows == NULL)
        return say(error, SILT_ERR_MEMORY, "out of memory");
    *rows = (struct silt_sql_rows){.sql = sql, .is_kept = is_kept};
    int code = sqlite3_prepare_v3(sql->db, text, -1, is_kept ? SQLITE_PREPARE_PERSISTENT : 0,
                                  &rows->statement, NULL);
    enum silt_status status = judge(sql, code, error);
    if (status == SILT_OK && is_kept)
        sql->kept_count++;
    if (status != SILT_OK && !is_kept)
        free(rows);
    else if (status == SILT_OK)
        *out = rows;
    return status;
}

static int bind(sqlite3_stmt *statement, int index, const struct silt_sql_value *value)
{
    switch (value->kind) {
    case SILT_SQL_INTEGER:
        return sqlite3_bind_int64(statement, index, value->integer);
    case SILT_SQL_REAL:
        return sqlite3_bind_double(statement, index, value->real);
    case SILT_SQL_TEXT:
        return sqlite3_bind_text(statement, index, value->data, -1, SQLITE_STATIC);
    case SILT_SQL_BLOB:
        return sqlite3_bind_blob64(statement, index, value->size > 0 ? value->data : "", value->size,
                                   SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

enum silt_status silt_sql_select(struct silt_sql *sql, const struct silt_sql_query *query,
                                 struct silt_sql_rows **out, struct silt_error *error)
{
    *out = NULL;
    enum silt_status status = prepare(sql, query->text, out, error);
    if (status != SILT_OK)
        return status;
    (*out)->is_used = true;
    for (size_t i = 0; i < query->value_count && status == SILT_OK; i++)
        status = judge(sql, bind((*out)->statement, (int)i + 1, &query->values[i]), error);
    return status;
}

enum silt_status silt_sql_next(struct silt_sql_rows *rows, struct silt_error *error)
{
    int code = sqlite3_step(rows->statement);
    return code == SQLITE_DONE ? SILT_END : judge(rows->sql, code, error);
}

void silt_sql_close_rows(struct silt_sql_rows *rows)
{
    if (rows == NULL)
        return;
    sqlite3_reset(rows->statement);
    sqlite3_clear_bindings(rows->statement);
    rows->is_used = false;
    if (rows->is_kept)
        return;
    sqlite3_finalize(rows->statement);
    free(rows);
}

enum silt_status silt_sql_run(struct silt_sql *sql, const struct silt_sql_query *query,
                              struct silt_error *error)
{
    struct silt_sql_rows *rows;
    enum silt_status status = silt_sql_select(sql, query, &rows, error);
    while (status == SILT_OK)
        status = silt_sql_next(rows, error);
    silt_sql_close_rows(rows);
    return status == SILT_END ? SILT_OK : status;
}

uint64_t silt_sql_changes(const struct silt_sql *sql)
{
    return (uint64_t)sqlite3_changes64(sql->db);
}

int64_t silt_sql_last_id(const struct silt_sql *sql)
{
    return sqlite3_last_insert_rowid(sql->db);
}

enum silt_status silt_sql_ask(struct silt_sql *sql, const struct silt_sql_query *query, int64_t *out,
                              struct silt_error *error)
{
    struct silt_sql_rows *rows;
    enum silt_status status = silt_sql_select(sql, query, &rows, error);
    if (status == SILT_OK)
        status = silt_sql_next(rows, error);
    if (status == SILT_OK)
        *out = silt_sql_integer_at(rows, 0);
    silt_sql_close_rows(rows);
    return status == SILT_END ? say(error, SILT_ERR_NOT_FOUND, "there is no such row") : status;
}

int64_t silt_sql_integer_at(const struct silt_sql_rows *rows, int column)
{
    return sqlite3_column_int64(rows->statement, column);
}

double silt_sql_real_at(const struct silt_sql_rows *rows, int column)
{
    return sqlite3_column_double(rows->statement, column);
}

const char *silt_sql_text_at(const struct silt_sql_rows *rows, int column)
{
    const unsigned char *text = sqlite3_column_text(rows->statement, column);
    return text != NULL ? (const char *)text : "";
}

const void *silt_sql_blob_at(const struct silt_sql_rows *rows, int column, size_t *size)
{
    const void *data = sqlite3_column_blob(rows->statement, column);
    *size = (size_t)sqlite3_column_bytes(rows->statement, column);
    return data != NULL ? data : "";
}
