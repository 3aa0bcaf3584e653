/*
 * store.c: silt's own cache: one SQLite file, opened when it is first needed, behind one lock.
 *
 * Whatever goes wrong with it goes wrong quietly here: the first thing that did is kept as the complaint, and
 * from then on nothing is found, or nothing is kept.
 */
#include "store/folder.h"
#include "store/table.h"

#include "base/array.h"
#include "base/error.h"

#include <stdlib.h>

/* A row's time of use is renewed after an hour, for all rows at once when the cache is closed: a scan that
 * only finds writes nothing. */
enum { RENEW_MS = 60 * 60 * 1000, RENEWALS_MAX = 4096 };

struct store {
    struct silt_cache cache;
    struct silt_folder folder;
    uint64_t max_bytes;
    sqlite3_mutex *mutex; /* guards all below */
    bool was_opened, is_broken, is_full;
    struct silt_table table;
    struct silt_array used; /* int64_t: rows to be renewed */
    struct silt_error complaint;
};

static void complain(struct store *store, const struct silt_error *why, const char *remedy)
{
    if (store->complaint.status != SILT_OK)
        return;
    silt_error_set(&store->complaint, why->status, "the layer cache %s is not used: %.*s; %s",
                   store->folder.file, 200, why->message, remedy);
}

static void set_aside(struct store *store, const struct silt_error *why)
{
    struct silt_error error = {0};
    if (silt_folder_set_aside(&store->folder, &error) == SILT_OK)
        complain(store, why, "it was set aside as layers.damaged, and the next scan makes a new one");
    else
        complain(store, &error, "it is damaged: remove it");
}

/* After a failure of which nothing is to be hoped any more. */
static void give_up(struct store *store, const struct silt_error *why)
{
    store->is_broken = true;
    silt_table_close(&store->table);
    if (why->status == SILT_ERR_CORRUPT)
        set_aside(store, why);
    else if (why->status == SILT_ERR_UNSUPPORTED)
        complain(store, why, "it is left as it is; --cache-dir can name another place");
    else
        complain(store, why, "--cache-dir can name another place, --no-cache does without");
}

static enum silt_status open_table(struct store *store, struct silt_error *error)
{
    struct silt_error why = {0};
    if (!store->was_opened) {
        store->was_opened = true;
        enum silt_status status = silt_folder_make(&store->folder, &why);
        if (status == SILT_OK)
            status = silt_table_open(&store->table, store->folder.file, &why);
        if (status != SILT_OK)
            give_up(store, &why);
    }
    return store->is_broken ? silt_error_set(error, SILT_ERR_NOT_FOUND, "the cache is not used") : SILT_OK;
}

/* Another process that holds the file for long is no reason to complain. */
static void fail(struct store *store, const struct silt_error *why)
{
    if (why->status == SILT_ERR_CORRUPT)
        give_up(store, why);
    else if (why->status != SILT_ERR_NOT_FOUND && why->status != SILT_ERR_LIMIT)
        complain(store, why, "--cache-dir can name another place, --no-cache does without");
}

static void note_use(struct store *store, const struct silt_table_row *row)
{
    if (row->used > silt_table_now() - RENEW_MS || store->used.count >= RENEWALS_MAX)
        return;
    int64_t *slot = silt_array_put(&store->used);
    if (slot != NULL)
        *slot = row->row;
}

static enum silt_status store_find(struct silt_cache *cache, const struct silt_cache_key *key, uint8_t **out,
                                   size_t *size, struct silt_error *error)
{
    struct store *store = (struct store *)cache;
    struct silt_error why = {0};
    struct silt_table_row row = {0};
    sqlite3_mutex_enter(store->mutex);
    enum silt_status status = open_table(store, error);
    if (status == SILT_OK) {
        status = silt_table_find(&store->table, key, &row, &why);
        if (status == SILT_OK)
            note_use(store, &row);
        else
            fail(store, &why);
    }
    sqlite3_mutex_leave(store->mutex);
    if (status != SILT_OK) {
        free(row.value);
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "%s", why.message);
    }
    *out = row.value;
    *size = row.size;
    return SILT_OK;
}

static enum silt_status store_put(struct silt_cache *cache, const struct silt_cache_key *key,
                                  struct silt_span value, struct silt_error *error)
{
    struct store *store = (struct store *)cache;
    struct silt_error why = {0};
    if (value.size > SILT_CACHE_VALUE_MAX || value.size > store->max_bytes / 4)
        return silt_error_set(error, SILT_ERR_LIMIT, "too large for the cache");
    sqlite3_mutex_enter(store->mutex);
    enum silt_status status = open_table(store, &why);
    if (status == SILT_OK && store->is_full)
        status = silt_error_set(&why, SILT_ERR_IO, "nothing more is kept");
    else if (status == SILT_OK) {
        status = silt_table_put(&store->table, key, value, store->max_bytes, &why);
        store->is_full = status != SILT_OK && status != SILT_ERR_LIMIT;
        if (status != SILT_OK)
            fail(store, &why);
    }
    sqlite3_mutex_leave(store->mutex);
    return status == SILT_OK ? SILT_OK : silt_error_set(error, status, "%s", why.message);
}

static const char *store_complaint(const struct silt_cache *cache)
{
    const struct store *store = (const struct store *)cache;
    return store->complaint.status != SILT_OK ? store->complaint.message : NULL;
}

/* Without it a row goes a little earlier than it should: nothing to speak of. */
static void renew(struct store *store)
{
    enum silt_status status = SILT_OK;
    if (store->used.count > 0)
        status = silt_table_use(&store->table, store->used.items, store->used.count, NULL);
    (void)status;
}

static void store_free(struct silt_cache *cache)
{
    struct store *store = (struct store *)cache;
    if (!store->is_broken)
        renew(store);
    silt_table_close(&store->table);
    silt_array_clear(&store->used);
    sqlite3_mutex_free(store->mutex);
    free(store);
}

static const struct silt_cache_ops store_ops = {
    .name = "sqlite", .find = store_find, .put = store_put, .complaint = store_complaint, .free = store_free};

enum silt_status silt_store_open(const char *dir, uint64_t max_bytes, struct silt_cache **out,
                                 struct silt_error *error)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_folder_init(&store->folder, dir, error);
    if (status == SILT_OK) {
        store->mutex = sqlite3_mutex_alloc(SQLITE_MUTEX_FAST);
        if (store->mutex == NULL)
            status = silt_error_memory(error);
    }
    if (status != SILT_OK) {
        free(store);
        return status;
    }
    store->cache = (struct silt_cache){&store_ops, true};
    store->max_bytes = max_bytes;
    store->used.item_size = sizeof(int64_t);
    *out = &store->cache;
    return SILT_OK;
}
