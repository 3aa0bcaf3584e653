/*
 * table.c: SQL, prepared once. A write is one transaction in a write-ahead log: a process that is killed
 * leaves all of it or nothing, and readers never wait.
 */
#include "store/table.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    APPLICATION = 0x73696c74, /* "silt", in the file's header (sqlite.org/fileformat2.html, 1.3.13) */
    VERSION = 1,
    BUSY_MS = 2000,
    PAGE_SIZE = 4096,
    ROW_COST = 256, /* of a row beside its value: key, index, header */
};

/* With NORMAL a commit does not wait for the disk: when the power fails the last ones may be lost, no more.
 */
static const char setup[] =
    "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "PRAGMA journal_size_limit = 4194304; PRAGMA cache_size = -1024;"
    "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;";

/* The sum is kept by triggers, so that a put costs the same however many rows there are. */
static const char schema[] =
    "CREATE TABLE entry (key BLOB NOT NULL UNIQUE, used INTEGER NOT NULL, size INTEGER NOT NULL, value BLOB "
    "NOT NULL);"
    "CREATE INDEX entry_used ON entry (used);"
    "CREATE TABLE total (bytes INTEGER NOT NULL);"
    "INSERT INTO total VALUES (0);"
    "CREATE TRIGGER entry_kept AFTER INSERT ON entry BEGIN UPDATE total SET bytes = bytes + NEW.size; END;"
    "CREATE TRIGGER entry_gone AFTER DELETE ON entry BEGIN UPDATE total SET bytes = bytes - OLD.size; END;"
    "PRAGMA application_id = 1936288884; PRAGMA user_version = 1;";

static enum silt_status judge(const struct silt_table *table, int code, struct silt_error *error)
{
    enum silt_status status = SILT_ERR_IO;
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return SILT_OK;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        status = SILT_ERR_CORRUPT;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        status = SILT_ERR_LIMIT;
        break;
    case SQLITE_NOMEM:
        status = SILT_ERR_MEMORY;
        break;
    default:
        break;
    }
    return silt_error_set(error, status, "%s",
                          table->db != NULL ? sqlite3_errmsg(table->db) : "out of memory");
}

static enum silt_status run(const struct silt_table *table, const char *sql, struct silt_error *error)
{
    return judge(table, sqlite3_exec(table->db, sql, NULL, NULL, NULL), error);
}

/* Statements are stepped once for one row, or none. */
static enum silt_status step(const struct silt_table *table, sqlite3_stmt *statement,
                             struct silt_error *error)
{
    enum silt_status status = judge(table, sqlite3_step(statement), error);
    sqlite3_reset(statement);
    return status;
}

static enum silt_status ask(const struct silt_table *table, const char *sql, int64_t *out,
                            struct silt_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(table->db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    enum silt_status status = judge(table, code, error);
    sqlite3_finalize(statement);
    return status;
}

/* Whose file it is: empty, ours, or neither. */
static enum silt_status identify(const struct silt_table *table, bool *is_empty, struct silt_error *error)
{
    int64_t application = 0, version = 0, objects = 0;
    enum silt_status status = ask(table, "PRAGMA application_id", &application, error);
    if (status == SILT_OK)
        status = ask(table, "PRAGMA user_version", &version, error);
    if (status == SILT_OK)
        status = ask(table, "SELECT count(*) FROM sqlite_schema", &objects, error);
    *is_empty = application == 0 && version == 0 && objects == 0;
    if (status != SILT_OK || *is_empty)
        return status;
    if (application != APPLICATION)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "it is a database of another program");
    if (version != VERSION)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "it was written by a newer silt");
    return SILT_OK;
}

/* The same, all of it from one moment: another process may be making the file. */
static enum silt_status identify_at_once(const struct silt_table *table, bool *is_empty,
                                         struct silt_error *error)
{
    enum silt_status status = run(table, "BEGIN", error);
    if (status != SILT_OK)
        return status;
    status = identify(table, is_empty, error);
    sqlite3_exec(table->db, "COMMIT", NULL, NULL, NULL); /* it has read only */
    return status;
}

/* Another process may be making it at the same time: whoever comes second finds it made. */
static enum silt_status make_schema(const struct silt_table *table, struct silt_error *error)
{
    bool is_empty = false;
    enum silt_status status = run(table, "BEGIN IMMEDIATE", error);
    if (status != SILT_OK)
        return status;
    status = identify(table, &is_empty, error);
    if (status == SILT_OK && is_empty)
        status = run(table, schema, error);
    if (status == SILT_OK)
        status = run(table, "COMMIT", error);
    if (status != SILT_OK)
        sqlite3_exec(table->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static enum silt_status prepare(struct silt_table *table, struct silt_error *error)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
    } rows[] = {
        {&table->find, "SELECT rowid, used, value FROM entry WHERE key = ?1"},
        {&table->forget, "DELETE FROM entry WHERE key = ?1"},
        {&table->keep, "INSERT INTO entry (key, used, size, value) VALUES (?1, ?2, ?3, ?4)"},
        {&table->use, "UPDATE entry SET used = ?2 WHERE rowid = ?1"},
        {&table->total, "SELECT bytes FROM total"},
        {&table->drop_oldest,
         "DELETE FROM entry WHERE rowid = (SELECT rowid FROM entry ORDER BY used, rowid LIMIT 1)"},
    };
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && status == SILT_OK; i++)
        status = judge(table,
                       sqlite3_prepare_v3(table->db, rows[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                                          rows[i].statement, NULL),
                       error);
    return status;
}

/* While several processes open a new file, changing to a write-ahead log can answer BUSY at once. */
static enum silt_status set_up(const struct silt_table *table, struct silt_error *error)
{
    enum { TRIES = 100, WAIT_MS = 20 };
    enum silt_status status = SILT_ERR_LIMIT;
    for (int i = 0; i < TRIES && status == SILT_ERR_LIMIT; i++) {
        if (i > 0)
            sqlite3_sleep(WAIT_MS);
        status = run(table, setup, error);
    }
    return status;
}

enum silt_status silt_table_open(struct silt_table *table, const char *path, struct silt_error *error)
{
    bool is_empty = false;
    int code = sqlite3_open_v2(path, &table->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, NULL);
    if (code != SQLITE_OK)
        return judge(table, code, error);
    sqlite3_extended_result_codes(table->db, 1);
    sqlite3_busy_timeout(table->db, BUSY_MS);
    sqlite3_db_config(table->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_limit(table->db, SQLITE_LIMIT_LENGTH, 2 * SILT_CACHE_VALUE_MAX);
    if (sqlite3_db_readonly(table->db, "main") == 1)
        return silt_error_set(error, SILT_ERR_IO, "the file cannot be written");
    enum silt_status status = identify_at_once(table, &is_empty, error);
    if (status == SILT_OK)
        status = set_up(table, error);
    if (status == SILT_OK && is_empty)
        status = make_schema(table, error);
    return status == SILT_OK ? prepare(table, error) : status;
}

void silt_table_close(struct silt_table *table)
{
    sqlite3_stmt *const statements[] = {table->find, table->forget, table->keep,
                                        table->use,  table->total,  table->drop_oldest};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        sqlite3_finalize(statements[i]);
    sqlite3_close(table->db);
    *table = (struct silt_table){0};
}

static enum silt_status copy_row(sqlite3_stmt *statement, struct silt_table_row *out,
                                 struct silt_error *error)
{
    const void *value = sqlite3_column_blob(statement, 2);
    size_t size = (size_t)sqlite3_column_bytes(statement, 2);
    *out = (struct silt_table_row){sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                                   malloc(size + 1), size};
    if (out->value == NULL || (value == NULL && size > 0))
        return silt_error_memory(error);
    if (size > 0)
        memcpy(out->value, value, size);
    return SILT_OK;
}

enum silt_status silt_table_find(struct silt_table *table, const struct silt_cache_key *key,
                                 struct silt_table_row *out, struct silt_error *error)
{
    sqlite3_bind_blob(table->find, 1, key->bytes, SILT_CACHE_KEY_SIZE, SQLITE_STATIC);
    int code = sqlite3_step(table->find);
    enum silt_status status = judge(table, code, error);
    if (code == SQLITE_ROW)
        status = copy_row(table->find, out, error);
    else if (code == SQLITE_DONE)
        status = silt_error_set(error, SILT_ERR_NOT_FOUND, "not kept");
    sqlite3_reset(table->find);
    return status;
}

static int64_t size_of(struct silt_span value)
{
    size_t size = value.size + ROW_COST;
    return (int64_t)(size > PAGE_SIZE / 4 ? (size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE : size);
}

static enum silt_status replace(struct silt_table *table, const struct silt_cache_key *key,
                                struct silt_span value, struct silt_error *error)
{
    sqlite3_bind_blob(table->forget, 1, key->bytes, SILT_CACHE_KEY_SIZE, SQLITE_STATIC);
    enum silt_status status = step(table, table->forget, error);
    if (status != SILT_OK)
        return status;
    sqlite3_bind_blob(table->keep, 1, key->bytes, SILT_CACHE_KEY_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(table->keep, 2, silt_table_now());
    sqlite3_bind_int64(table->keep, 3, size_of(value));
    sqlite3_bind_blob64(table->keep, 4, value.size > 0 ? value.data : (const void *)"", value.size,
                        SQLITE_STATIC);
    return step(table, table->keep, error);
}

static enum silt_status sum_up(struct silt_table *table, int64_t *out, struct silt_error *error)
{
    int code = sqlite3_step(table->total);
    *out = code == SQLITE_ROW ? sqlite3_column_int64(table->total, 0) : 0;
    sqlite3_reset(table->total);
    return judge(table, code, error);
}

/* Beyond the bound a tenth more goes, so that this is not to be done at every put. Pages that become free are
 * used again; a file that is much too large (the bound is lower than it was) gives them back. */
static enum silt_status make_room(struct silt_table *table, uint64_t max_bytes, struct silt_error *error)
{
    int64_t total = 0, most = (int64_t)max_bytes;
    enum silt_status status = sum_up(table, &total, error);
    if (status != SILT_OK || total <= most)
        return status;
    for (most -= most / 10; status == SILT_OK && total > most;) {
        status = step(table, table->drop_oldest, error);
        if (status == SILT_OK && sqlite3_changes(table->db) == 0)
            break;
        if (status == SILT_OK)
            status = sum_up(table, &total, error);
    }
    int64_t pages = 0;
    if (status == SILT_OK)
        status = ask(table, "PRAGMA page_count", &pages, error);
    if (status == SILT_OK && pages * PAGE_SIZE > (int64_t)max_bytes + (int64_t)max_bytes / 8)
        status = run(table, "PRAGMA incremental_vacuum", error);
    return status;
}

enum silt_status silt_table_put(struct silt_table *table, const struct silt_cache_key *key,
                                struct silt_span value, uint64_t max_bytes, struct silt_error *error)
{
    enum silt_status status = run(table, "BEGIN IMMEDIATE", error);
    if (status != SILT_OK)
        return status;
    status = replace(table, key, value, error);
    if (status == SILT_OK)
        status = make_room(table, max_bytes, error);
    if (status == SILT_OK)
        status = run(table, "COMMIT", error);
    if (status != SILT_OK)
        sqlite3_exec(table->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

enum silt_status silt_table_use(struct silt_table *table, const int64_t *rows, size_t count,
                                struct silt_error *error)
{
    enum silt_status status = run(table, "BEGIN IMMEDIATE", error);
    if (status != SILT_OK)
        return status;
    for (size_t i = 0; i < count && status == SILT_OK; i++) {
        sqlite3_bind_int64(table->use, 1, rows[i]);
        sqlite3_bind_int64(table->use, 2, silt_table_now());
        status = step(table, table->use, error);
    }
    if (status == SILT_OK)
        status = run(table, "COMMIT", error);
    if (status != SILT_OK)
        sqlite3_exec(table->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

int64_t silt_table_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
