/*
 * The SQLite cache: the contract, and what is its own.
 */
#include "contract.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char folder[64], file[128];

static void make_folder(void)
{
    contract_make_folder(folder);
    snprintf(file, sizeof file, "%s/layers/results.db", folder);
}

static void remove_folder(void)
{
    contract_remove_folder(folder);
}

TestSuite(store, .init = make_folder, .fini = remove_folder, .timeout = 120);

static struct silt_cache *open_cache(uint64_t max_bytes)
{
    struct silt_cache *cache = NULL;
    cr_assert_eq(silt_store_open(folder, max_bytes, &cache, NULL), SILT_OK);
    return cache;
}

/* Runs SQL on the file behind the cache's back. */
static void alter(const char *sql)
{
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(file, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static long long ask(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    cr_assert_eq(sqlite3_open(file, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
    long long value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static void fill(unsigned count)
{
    struct silt_cache *cache = open_cache(CONTRACT_BYTES_MAX);
    for (unsigned i = 0; i < count; i++)
        contract_put(cache, i, &i, sizeof i);
    silt_cache_free(cache);
}

/* A cache that is of no use says why, and finds and keeps nothing. */
static void expect_complaint(const char *what)
{
    struct silt_cache *cache = open_cache(CONTRACT_BYTES_MAX);
    struct silt_cache_key key = contract_key(1);
    cr_expect_not(contract_has(cache, 1, "", 0));
    cr_expect_neq(cache->ops->put(cache, &key, (struct silt_span){(const uint8_t *)"x", 1}, NULL), SILT_OK);
    const char *said = cache->ops->complaint(cache);
    cr_assert_not_null(said, "nothing is said, not '%s'", what);
    cr_expect_not_null(strstr(said, what), "'%s' is not '%s'", said, what);
    silt_cache_free(cache);
}

Test(store, keeps_the_contract)
{
    for (size_t i = 0; i < sizeof contract_kinds / sizeof *contract_kinds; i++)
        contract_check(&contract_kinds[i]);
}

Test(store, opens_nothing_before_it_must)
{
    struct silt_cache *cache = open_cache(CONTRACT_BYTES_MAX);
    silt_cache_free(cache);
    cr_expect_neq(access(file, F_OK), 0);
}

Test(store, is_its_owners_only)
{
    struct stat info;
    umask(0);
    fill(1);
    cr_assert_eq(stat(file, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0600);
    *strrchr(file, '/') = '\0';
    cr_assert_eq(stat(file, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0700);
    cr_assert_eq(chmod(file, 0770), 0);
    expect_complaint("others can write to");
}

Test(store, a_link_is_not_followed)
{
    fill(1);
    char other[160];
    snprintf(other, sizeof other, "%s/other.db", folder);
    cr_assert_eq(rename(file, other), 0);
    cr_assert_eq(symlink(other, file), 0);
    expect_complaint("something else");
}

Test(store, another_users_is_not_used)
{
    if (geteuid() != 0)
        cr_skip("only root can give files away");
    fill(1);
    cr_assert_eq(chown(file, 12345, 12345), 0);
    expect_complaint("belongs to another user");
}

/* Hundreds of values that do not fit together: the file stays small, the newest are there. */
Test(store, is_bounded)
{
    enum { MIB = 1024 * 1024, VALUE = 50000, BOUND = 4 * MIB, COUNT = 300 };
    static uint8_t value[VALUE];
    struct silt_cache *cache = open_cache(BOUND);
    for (unsigned i = 0; i < COUNT; i++) {
        memset(value, (int)i, sizeof value);
        contract_put(cache, i, value, sizeof value);
    }
    memset(value, (uint8_t)(COUNT - 1), sizeof value);
    cr_expect(contract_has(cache, COUNT - 1, value, sizeof value));
    cr_expect_not(contract_has(cache, 0, value, sizeof value));
    silt_cache_free(cache);
    struct stat info;
    cr_assert_eq(stat(file, &info), 0);
    cr_expect_leq(info.st_size, BOUND + BOUND / 8, "%lld bytes", (long long)info.st_size);
    cr_expect_eq(ask("SELECT bytes - (SELECT sum(size) FROM entry) FROM total"), 0);
    cache = open_cache(MIB);
    contract_put(cache, COUNT, "x", 1);
    silt_cache_free(cache);
    cr_assert_eq(stat(file, &info), 0);
    cr_expect_leq(info.st_size, MIB + MIB / 8, "a lower bound: %lld bytes", (long long)info.st_size);
}

Test(store, what_was_not_used_goes_first)
{
    enum { VALUE = 100000 };
    static uint8_t value[VALUE];
    struct silt_cache *cache = open_cache(1024 * 1024);
    for (unsigned i = 0; i < 8; i++)
        contract_put(cache, i, value, sizeof value);
    silt_cache_free(cache);
    alter("UPDATE entry SET used = used - 7200000");
    cache = open_cache(1024 * 1024);
    cr_expect(contract_has(cache, 0, value, sizeof value));
    silt_cache_free(cache);
    cache = open_cache(1024 * 1024);
    for (unsigned i = 8; i < 12; i++)
        contract_put(cache, i, value, sizeof value);
    cr_expect(contract_has(cache, 0, value, sizeof value));
    cr_expect_not(contract_has(cache, 1, value, sizeof value));
    silt_cache_free(cache);
}

Test(store, a_newer_one_is_left_alone)
{
    fill(3);
    alter("PRAGMA user_version = 2");
    expect_complaint("newer silt");
    cr_expect_eq(ask("SELECT count(*) FROM entry"), 3);
}

Test(store, a_foreign_one_is_left_alone)
{
    fill(1);
    alter("PRAGMA application_id = 5; CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
    expect_complaint("another program");
    cr_expect_eq(ask("SELECT count(*) FROM theirs"), 1);
}

static void scribble(long offset, size_t size)
{
    FILE *out = fopen(file, "r+");
    cr_assert_not_null(out);
    fseek(out, offset, SEEK_SET);
    for (size_t i = 0; i < size; i++)
        fputc((int)(i * 7 + 1), out);
    fclose(out);
}

Test(store, a_damaged_one_is_set_aside)
{
    char aside[160];
    snprintf(aside, sizeof aside, "%s/layers.damaged/results.db", folder);
    for (int turn = 0; turn < 2; turn++) {
        fill(200);
        scribble(0, 4096);
        expect_complaint("set aside");
        cr_expect_eq(access(aside, F_OK), 0);
        cr_expect_neq(access(file, F_OK), 0);
    }
    fill(1);
    struct silt_cache *cache = open_cache(CONTRACT_BYTES_MAX);
    unsigned zero = 0;
    cr_expect(contract_has(cache, 0, &zero, sizeof zero));
    cr_expect_null(cache->ops->complaint(cache));
    silt_cache_free(cache);
}

/* Damage behind the first page shows late, or never; it must not end the process. Whether a value is the
 * right one is not the cache's to say: the scan checks it. */
Test(store, damage_anywhere_is_survived)
{
    for (long page = 1; page < 12; page++) {
        fill(300);
        scribble(page * 4096 + 1, 600);
        struct silt_cache *cache = open_cache(CONTRACT_BYTES_MAX);
        for (unsigned i = 0; i < 300; i++) {
            struct silt_cache_key key = contract_key(i);
            uint8_t *value = NULL;
            size_t size;
            if (cache->ops->find(cache, &key, &value, &size, NULL) == SILT_OK)
                free(value);
            (void)!cache->ops->put(cache, &key, (struct silt_span){(const uint8_t *)&i, sizeof i}, NULL);
        }
        silt_cache_free(cache);
        contract_remove_folder(folder);
        cr_assert_eq(mkdir(folder, 0700), 0);
    }
}

Test(store, a_cut_off_file_is_survived)
{
    fill(300);
    cr_assert_eq(truncate(file, 5000), 0);
    expect_complaint("");
}

Test(store, a_place_that_cannot_be_written)
{
    if (geteuid() == 0) {
        cr_assert_eq(chmod(folder, 0755), 0);
        cr_assert_eq(seteuid(65534), 0);
        expect_complaint("Permission denied");
        cr_assert_eq(seteuid(0), 0);
        return;
    }
    cr_assert_eq(chmod(folder, 0500), 0);
    expect_complaint("Permission denied");
}

Test(store, a_file_that_is_in_the_way)
{
    snprintf(file, sizeof file, "%s/layers", folder);
    fclose(fopen(file, "w"));
    expect_complaint("something else");
}

/* As on a full disk: nothing more is kept, what is there is found. */
Test(store, a_full_disk)
{
    static uint8_t value[100000];
    fill(10);
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small = {64 * 1024, 64 * 1024};
    struct silt_cache *cache = open_cache(CONTRACT_BYTES_MAX);
    struct silt_cache_key key = contract_key(100);
    unsigned three = 3;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    cr_expect_neq(cache->ops->put(cache, &key, (struct silt_span){value, sizeof value}, NULL), SILT_OK);
    cr_expect(contract_has(cache, 3, &three, sizeof three));
    cr_expect_not_null(cache->ops->complaint(cache));
    silt_cache_free(cache);
}
