/*
 * open.c: opening and closing the store; its names and failures.
 */
#include "serve/store/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool copy_channels(struct silt_store *store, const struct silt_store_settings *settings)
{
    store->channels = silt_stash_take(&store->names, settings->channel_count + 1, sizeof *store->channels);
    if (store->channels == NULL)
        return false;
    for (size_t i = 0; i < settings->channel_count; i++) {
        store->channels[i] = settings->channels[i];
        if (!silt_stash_copy_text(&store->names, settings->channels[i].name, &store->channels[i].name))
            return false;
    }
    store->channel_count = settings->channel_count;
    return true;
}

static enum silt_status open_both(struct silt_store *store, const char *path, struct silt_error *error)
{
    enum silt_status status = silt_sql_open(path, &store->writer, error);
    if (status == SILT_OK)
        status = silt_sql_upgrade(store->writer, &silt_schema_part, error);
    return status == SILT_OK ? silt_sql_open(path, &store->reader, error) : status;
}

enum silt_status silt_store_new(const struct silt_store_settings *settings, struct silt_store **out,
                                struct silt_error *error)
{
    struct silt_store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return silt_store_memory(error);
    store->now_ms = settings->now_ms != NULL ? settings->now_ms : clock_ms;
    enum silt_status status =
        copy_channels(store, settings) ? open_both(store, settings->path, error) : silt_store_memory(error);
    if (status == SILT_OK)
        *out = store;
    else
        silt_store_free(store);
    return status;
}

void silt_store_free(struct silt_store *store)
{
    if (store == NULL)
        return;
    silt_sql_close(store->reader);
    silt_sql_close(store->writer);
    silt_stash_clear(&store->names);
    free(store);
}

const char *silt_store_state_name(enum silt_store_state state)
{
    static const char *const names[SILT_STORE_STATES] = {"open", "ignored", "fixed"};
    return names[state];
}

enum silt_status silt_store_missing(struct silt_error *error, const char *what, int64_t id)
{
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "there is no %s %" PRId64, what, id);
    return SILT_ERR_NOT_FOUND;
}

enum silt_status silt_store_memory(struct silt_error *error)
{
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "out of memory");
    return SILT_ERR_MEMORY;
}
