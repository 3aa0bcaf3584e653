/*
 * Processes that read and write one cache are killed with SIGKILL at any moment; what is found afterwards is
 * what was put, and the file is whole.
 */
#include "contract.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

enum { WRITERS = 4, KILLS = 60, KEYS = 40, BOUND = 2 * 1024 * 1024 };

/* A value that says itself whether it is whole. */
static size_t make_value(uint8_t *out, unsigned number, unsigned turn)
{
    size_t size = 64 + (number * 7919 + turn * 104729) % 60000;
    out[0] = (uint8_t)number;
    out[1] = (uint8_t)turn;
    for (size_t i = 2; i < size; i++)
        out[i] = (uint8_t)(number + turn + i);
    return size;
}

static bool is_whole(const uint8_t *value, size_t size, unsigned number)
{
    if (size < 64 || value[0] != (uint8_t)number)
        return false;
    for (size_t i = 2; i < size; i++)
        if (value[i] != (uint8_t)(number + value[1] + i))
            return false;
    return true;
}

static void use_cache(const char *folder, unsigned seed)
{
    static uint8_t value[70000];
    for (unsigned turn = 0;; turn++) {
        struct silt_cache *cache = NULL;
        if (silt_store_open(folder, BOUND, &cache, NULL) != SILT_OK)
            _exit(2);
        for (unsigned i = 0; i < 20; i++) {
            unsigned number = (unsigned)rand_r(&seed) % KEYS;
            struct silt_cache_key key = contract_key(number);
            uint8_t *found = NULL;
            size_t size = 0;
            if (cache->ops->find(cache, &key, &found, &size, NULL) == SILT_OK) {
                if (!is_whole(found, size, number))
                    _exit(3);
                free(found);
            }
            size = make_value(value, number, turn & 0xff);
            (void)!cache->ops->put(cache, &key, (struct silt_span){value, size}, NULL);
        }
        if (cache->ops->complaint(cache) != NULL)
            _exit(4);
        silt_cache_free(cache);
    }
}

static pid_t start_writer(const char *folder, unsigned seed)
{
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0)
        use_cache(folder, seed);
    return child;
}

static void check_file(const char *folder)
{
    char file[128];
    sqlite3 *db;
    sqlite3_stmt *statement;
    snprintf(file, sizeof file, "%s/layers/results.db", folder);
    cr_assert_eq(sqlite3_open(file, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
    cr_expect_str_eq((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static unsigned count_values(const char *folder)
{
    unsigned count = 0;
    struct silt_cache *cache = NULL;
    cr_assert_eq(silt_store_open(folder, BOUND, &cache, NULL), SILT_OK);
    for (unsigned number = 0; number < KEYS; number++) {
        struct silt_cache_key key = contract_key(number);
        uint8_t *found = NULL;
        size_t size = 0;
        if (cache->ops->find(cache, &key, &found, &size, NULL) != SILT_OK)
            continue;
        cr_expect(is_whole(found, size, number));
        free(found);
        count++;
    }
    cr_expect_null(cache->ops->complaint(cache), "%s", cache->ops->complaint(cache));
    silt_cache_free(cache);
    return count;
}

Test(kill, at_any_moment, .timeout = 240)
{
    char folder[64];
    pid_t writers[WRITERS];
    unsigned seed = 11;
    contract_make_folder(folder);
    for (unsigned i = 0; i < WRITERS; i++)
        writers[i] = start_writer(folder, i);
    for (unsigned i = 0; i < KILLS; i++) {
        int answer;
        pid_t *writer = &writers[i % WRITERS];
        usleep((unsigned)rand_r(&seed) % 60000);
        kill(*writer, SIGKILL);
        cr_assert_eq(waitpid(*writer, &answer, 0), *writer);
        cr_expect(WIFSIGNALED(answer), "a writer gave up with %d before it was killed", WEXITSTATUS(answer));
        *writer = start_writer(folder, 100 + i);
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        kill(writers[i], SIGKILL);
        waitpid(writers[i], NULL, 0);
    }
    cr_expect_gt(count_values(folder), 0);
    check_file(folder);
    contract_remove_folder(folder);
}
