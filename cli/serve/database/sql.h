/*
 * sql.h: a connection to a SQLite file: transactions, statements, rows.
 *
 * A connection is locked by begin and unlocked by end; everything between is one transaction, and the only
 * place for the other calls. Statuses: CORRUPT for a damaged file, UNSUPPORTED for one that is not ours or of
 * a newer silt, LIMIT where another process held the file for too long, MEMORY, IO for all else.
 */
#ifndef SILT_CLI_SERVE_DATABASE_SQL_H
#define SILT_CLI_SERVE_DATABASE_SQL_H

#include <silt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct silt_sql;
struct silt_sql_rows;

/* Opens a file, which is made for this user only if it is not there. A commit waits for the disk. */
SILT_MUST_USE enum silt_status silt_sql_open(const char *path, struct silt_sql **out,
                                             struct silt_error *error);

/* Closes it; NULL is allowed. */
void silt_sql_close(struct silt_sql *sql);

/* The steps that made a part's tables what they are, oldest first: an older file is given those it lacks. */
struct silt_sql_part {
    const char *name;
    const char *const *steps;
    size_t step_count;
};
SILT_MUST_USE enum silt_status silt_sql_upgrade(struct silt_sql *sql, const struct silt_sql_part *part,
                                                struct silt_error *error);

/* Locks the connection and begins a transaction: one that writes, or one that reads what there is at this
 * moment. If it fails, nothing is locked. */
SILT_MUST_USE enum silt_status silt_sql_begin(struct silt_sql *sql, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_sql_begin_reading(struct silt_sql *sql, struct silt_error *error);

/* Commits if `status` is OK or END, else takes all back; unlocks. Answers `status`, or why the commit failed.
 */
SILT_MUST_USE enum silt_status silt_sql_end(struct silt_sql *sql, enum silt_status status,
                                            struct silt_error *error);

/* Whether the last failure was for want of room on the disk. */
bool silt_sql_is_full(const struct silt_sql *sql);

/* What stands for ?1, ?2, … */
struct silt_sql_value {
    enum { SILT_SQL_INTEGER, SILT_SQL_REAL, SILT_SQL_TEXT, SILT_SQL_BLOB } kind;
    int64_t integer;
    double real;
    const void *data; /* of TEXT and BLOB, borrowed until the call is over or the rows are closed */
    size_t size;      /* of BLOB */
};
static inline struct silt_sql_value silt_sql_integer(int64_t integer)
{
    return (struct silt_sql_value){.kind = SILT_SQL_INTEGER, .integer = integer};
}
static inline struct silt_sql_value silt_sql_real(double real)
{
    return (struct silt_sql_value){.kind = SILT_SQL_REAL, .real = real};
}
/* A string; NULL becomes "". */
static inline struct silt_sql_value silt_sql_text(const char *text)
{
    return (struct silt_sql_value){.kind = SILT_SQL_TEXT, .data = text != NULL ? text : ""};
}
static inline struct silt_sql_value silt_sql_blob(const void *data, size_t size)
{
    return (struct silt_sql_value){.kind = SILT_SQL_BLOB, .data = data, .size = size};
}

/* A statement with its values. */
struct silt_sql_query {
    const char *text;
    const struct silt_sql_value *values;
    size_t value_count;
};
#define SILT_SQL_QUERY(text, ...)                                                                            \
    (&(const struct silt_sql_query){text, (const struct silt_sql_value[]){__VA_ARGS__},                      \
                                    sizeof((const struct silt_sql_value[]){__VA_ARGS__}) /                   \
                                        sizeof(struct silt_sql_value)})
#define SILT_SQL_PLAIN(text) (&(const struct silt_sql_query){text, NULL, 0})

/* Runs a statement to its end. */
SILT_MUST_USE enum silt_status silt_sql_run(struct silt_sql *sql, const struct silt_sql_query *query,
                                            struct silt_error *error);

/* How many rows the last statement changed, and the id of the last row put. */
uint64_t silt_sql_changes(const struct silt_sql *sql);
int64_t silt_sql_last_id(const struct silt_sql *sql);

/* The first column of the first row. NOT_FOUND if there is no row. */
SILT_MUST_USE enum silt_status silt_sql_ask(struct silt_sql *sql, const struct silt_sql_query *query,
                                            int64_t *out, struct silt_error *error);

/* Rows, one after the other: next answers OK for each, then END. To be closed whatever the answer, before the
 * transaction ends. */
SILT_MUST_USE enum silt_status silt_sql_select(struct silt_sql *sql, const struct silt_sql_query *query,
                                               struct silt_sql_rows **out, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_sql_next(struct silt_sql_rows *rows, struct silt_error *error);
void silt_sql_close_rows(struct silt_sql_rows *rows);

/* The current row's columns, from 0; texts and blobs are borrowed until next, and never NULL. */
int64_t silt_sql_integer_at(const struct silt_sql_rows *rows, int column);
double silt_sql_real_at(const struct silt_sql_rows *rows, int column);
const char *silt_sql_text_at(const struct silt_sql_rows *rows, int column);
const void *silt_sql_blob_at(const struct silt_sql_rows *rows, int column, size_t *size);

#endif
