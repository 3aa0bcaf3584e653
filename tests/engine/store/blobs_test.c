/*
 * Databases in memory: as SQLite writes them, with a log or without, and as somebody makes them who means
 * ill.
 */
#include "store/blobs.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROOM = 1024 * 1024, PADDING = 64 * 1024 };

/* Makes a database file with SQL; answers its bytes. */
static struct silt_span make(const char *sql)
{
    static uint8_t bytes[ROOM + PADDING];
    char path[] = "/tmp/silt-blobs-XXXXXX", *message = NULL;
    int descriptor = mkstemp(path);
    sqlite3 *db;
    cr_assert(descriptor >= 0);
    close(descriptor);
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
    cr_assert_eq(sqlite3_close(db), SQLITE_OK);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file);
    size_t size = fread(bytes, 1, ROOM, file);
    fclose(file);
    unlink(path);
    memset(bytes + size, 0, PADDING);
    return silt_span_of(bytes, size);
}

/* What was put: how many, and their bytes in all. */
struct seen {
    size_t count, bytes;
};

static void put(void *context, struct silt_span blob)
{
    struct seen *seen = context;
    seen->count++;
    seen->bytes += blob.size;
}

static enum silt_status count(struct silt_span database, struct seen *seen)
{
    *seen = (struct seen){0};
    return silt_blobs_read(database, "Packages", "blob", seen, put, NULL);
}

#define TABLE "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);"
#define ROWS "INSERT INTO Packages (blob) VALUES (x'010203'), (zeroblob(100000)), (x'');"

Test(blobs, all_rows_with_a_log_and_without)
{
    static const char *const modes[] = {"", "PRAGMA journal_mode = WAL;"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        char sql[512];
        struct seen seen;
        snprintf(sql, sizeof sql, "%s" TABLE ROWS, modes[i]);
        cr_expect_eq(count(make(sql), &seen), SILT_OK);
        cr_expect(seen.count == 2 && seen.bytes == 100003, "%zu, %zu", seen.count, seen.bytes);
    }
}

Test(blobs, no_such_table)
{
    struct seen seen;
    cr_expect_eq(count(make("CREATE TABLE other (blob BLOB);"), &seen), SILT_ERR_CORRUPT);
    cr_expect_eq(count(silt_span_text("SQLite format 3"), &seen), SILT_ERR_CORRUPT);
}

/* A view could compute without end. */
Test(blobs, a_view_is_no_table)
{
    struct seen seen;
    cr_expect_eq(
        count(make("CREATE VIEW Packages AS WITH RECURSIVE n(blob) AS (SELECT x'00' UNION ALL SELECT "
                   "x'00' FROM n) SELECT blob FROM n;"),
              &seen),
        SILT_ERR_CORRUPT);
    cr_expect_eq(seen.count, 0);
}

/* A generated column computes, too. */
Test(blobs, a_computed_column_is_not_stored)
{
    struct seen seen;
    struct silt_span database = make("CREATE TABLE Packages (n INTEGER, blob BLOB AS (zeroblob(9000000)));"
                                     "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT "
                                     "20000) INSERT INTO Packages (n) "
                                     "SELECT x FROM c;");
    cr_expect_eq(count(database, &seen), SILT_ERR_CORRUPT);
    cr_expect_eq(seen.count, 0);
}

/* Whatever is changed: no crash, no endless loop. */
Test(blobs, damaged_anywhere)
{
    struct seen seen;
    struct silt_span database = make(TABLE ROWS);
    uint8_t *copy = malloc(database.size + PADDING);
    cr_assert_not_null(copy);
    srand(1);
    for (int turn = 0; turn < 2000; turn++) {
        memcpy(copy, database.data, database.size);
        memset(copy + database.size, 0, PADDING);
        for (int i = 0; i < 3; i++)
            copy[(size_t)rand() % (turn % 2 == 0 ? 4096 : database.size)] = (uint8_t)rand();
        size_t size = turn % 5 == 0 ? (size_t)rand() % database.size : database.size;
        (void)count(silt_span_of(copy, size), &seen);
        cr_assert_leq(seen.count, 100000);
    }
    free(copy);
}
