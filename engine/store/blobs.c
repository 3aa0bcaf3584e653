/*
 * blobs.c: a database out of an image, opened where it lies. It is hostile: schema and content are not
 * trusted (sqlite.org/security.html, 1.1 and 1.2), what is asked for must be stored in a table (a view or a
 * computed column could compute without end), values can take no more bytes than the database has, and a
 * query only so many steps.
 */
#include "store/blobs.h"

#include "base/error.h"

#include <sqlite3.h>
#include <stdio.h>

enum {
    HEADER_SIZE = 100,
    WRITE_VERSION = 18, /* in the header; 2 means a write-ahead log, which memory has not */
    READ_VERSION = 19,
    BLOB_MAX = 32 * 1024 * 1024,
    STEPS = 100000, /* between two looks at the clock of steps */
    LOOKS_MAX = 20,
    SQL_SIZE = 128,
};

struct reading {
    sqlite3 *db;
    const char *table, *column;
    void *context;
    void (*put)(void *context, struct silt_span blob);
    size_t left; /* bytes of values that may still be read */
};

static int count_steps(void *context)
{
    unsigned *looks = context;
    return ++*looks > LOOKS_MAX;
}

static enum silt_status fail(sqlite3 *db, int code, struct silt_error *error)
{
    bool is_memory = code == SQLITE_NOMEM;
    return silt_error_set(error, is_memory ? SILT_ERR_MEMORY : SILT_ERR_CORRUPT, "%s",
                          db != NULL ? sqlite3_errmsg(db) : "out of memory");
}

static int open_memory(struct silt_span database, sqlite3 **out)
{
    uint8_t *bytes = (uint8_t *)database.data;
    int code = sqlite3_open_v2(":memory:", out,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return code;
    sqlite3_limit(*out, SQLITE_LIMIT_LENGTH, BLOB_MAX);
    sqlite3_limit(*out, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(*out, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    bytes[WRITE_VERSION] = bytes[READ_VERSION] = 1;
    code = sqlite3_deserialize(*out, "main", bytes, (sqlite3_int64)database.size,
                               (sqlite3_int64)database.size, SQLITE_DESERIALIZE_READONLY);
    if (code == SQLITE_OK)
        code =
            sqlite3_exec(*out, "PRAGMA cell_size_check = ON; PRAGMA cache_size = -1024;", NULL, NULL, NULL);
    return code;
}

/* Whether there is such a table, and the column in it is stored and not computed. */
static int is_stored(const struct reading *reading, bool *out)
{
    static const char sql[] =
        "SELECT 1 FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS c WHERE "
        "m.type = 'table' AND m.sql LIKE 'CREATE TABLE%' AND m.name = ?1 AND c.name = ?2 "
        "AND c.hidden = 0";
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(reading->db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 1, reading->table, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 2, reading->column, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    *out = code == SQLITE_ROW;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Hands out one value; false when more were read than can stand in the database side by side. */
static bool put_row(struct reading *reading, sqlite3_stmt *statement)
{
    const void *data = sqlite3_column_blob(statement, 0);
    size_t size = (size_t)sqlite3_column_bytes(statement, 0);
    if (size > reading->left)
        return false;
    reading->left -= size;
    if (data != NULL)
        reading->put(reading->context, silt_span_of(data, size));
    return true;
}

static int read_rows(struct reading *reading)
{
    char sql[SQL_SIZE];
    sqlite3_stmt *statement = NULL;
    snprintf(sql, sizeof sql, "SELECT \"%s\" FROM \"%s\"", reading->column, reading->table);
    int code = sqlite3_prepare_v2(reading->db, sql, -1, &statement, NULL);
    while (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW)
        code = put_row(reading, statement) ? SQLITE_OK : SQLITE_CORRUPT;
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

enum silt_status silt_blobs_read(struct silt_span database, const char *table, const char *column,
                                 void *context, void (*put)(void *context, struct silt_span blob),
                                 struct silt_error *error)
{
    struct reading reading = {
        .table = table, .column = column, .context = context, .put = put, .left = database.size};
    bool is_there = false;
    unsigned looks = 0;
    if (database.size < HEADER_SIZE)
        return silt_error_set(error, SILT_ERR_CORRUPT, "no database");
    int code = open_memory(database, &reading.db);
    if (code == SQLITE_OK) {
        sqlite3_progress_handler(reading.db, STEPS, count_steps, &looks);
        code = is_stored(&reading, &is_there);
    }
    if (code == SQLITE_OK && is_there)
        code = read_rows(&reading);
    enum silt_status status = code != SQLITE_OK ? fail(reading.db, code, error) : SILT_OK;
    if (code == SQLITE_OK && !is_there)
        status = silt_error_set(error, SILT_ERR_CORRUPT, "no table %s with stored values", table);
    sqlite3_close(reading.db);
    return status;
}
