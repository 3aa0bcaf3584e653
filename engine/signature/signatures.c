/*
 * signatures.c: a set of signatures: make, open, choose from, look up. Adding files is in signatures_add.c.
 */
#include "base/error.h"
#include "signature/canonical.h"
#include "signature/snapshot_file.h"

#include <stdlib.h>
#include <string.h>

enum silt_status silt_signatures_new(struct silt_signatures **out, struct silt_error *error)
{
    struct silt_signatures *set = calloc(1, sizeof *set);
    if (set == NULL)
        return silt_error_memory(error);
    set->items.item_size = sizeof(struct silt_signature);
    enum silt_status status = silt_canonical_digest(set, error);
    if (status != SILT_OK) {
        silt_signatures_free(set);
        return status;
    }
    *out = set;
    return SILT_OK;
}

void silt_signatures_free(struct silt_signatures *set)
{
    if (set == NULL)
        return;
    silt_array_clear(&set->items);
    silt_arena_clear(&set->arena);
    silt_region_clear(&set->snapshot);
    free(set);
}

static enum silt_status read_files(const char *directory, struct silt_signatures **out,
                                   struct silt_error *error)
{
    struct silt_signatures *set;
    enum silt_status status = silt_signatures_new(&set, error);
    if (status != SILT_OK)
        return status;
    status = silt_signatures_add(set, directory, error);
    if (status != SILT_OK) {
        silt_signatures_free(set);
        return status;
    }
    *out = set;
    return SILT_OK;
}

enum silt_status silt_signatures_open(const char *directory, const char *snapshot_dir,
                                      struct silt_signatures **out, struct silt_error *error)
{
    struct silt_signatures *set;
    if (snapshot_dir == NULL)
        return read_files(directory, out, error);
    enum silt_status status = silt_signatures_new(&set, error);
    if (status != SILT_OK)
        return status;
    if (silt_snapshot_file_read(directory, snapshot_dir, set, NULL) == SILT_OK) {
        *out = set;
        return SILT_OK;
    }
    silt_signatures_free(set);
    return read_files(directory, out, error);
}

enum silt_status silt_signatures_build(const char *directory, const char *snapshot_dir,
                                       struct silt_error *error)
{
    struct silt_signatures *set;
    enum silt_status status = read_files(directory, &set, error);
    if (status != SILT_OK)
        return status;
    status = silt_snapshot_file_write(directory, snapshot_dir, set, error);
    silt_signatures_free(set);
    return status;
}

/* An id, or `github.*`: everything that begins with what stands before the star. */
static bool is_named(const char *id, const char *name)
{
    size_t size = strlen(name);
    if (size >= 1 && name[size - 1] == '*')
        return strncmp(id, name, size - 1) == 0;
    return strcmp(id, name) == 0;
}

static bool is_named_by_any(const char *id, const char *const *names)
{
    for (; *names != NULL; names++)
        if (is_named(id, *names))
            return true;
    return false;
}

static enum silt_status check_names(const struct silt_signatures *set, const char *const *names,
                                    struct silt_error *error)
{
    for (; *names != NULL; names++) {
        size_t i = 0;
        while (i < set->items.count && !is_named(silt_signatures_at(set, i)->id, *names))
            i++;
        if (i == set->items.count)
            return silt_error_set(error, SILT_ERR_USAGE, "no signature is called \"%.100s\"", *names);
    }
    return SILT_OK;
}

/* Keeps the signatures that are named, or those that are not. */
static enum silt_status choose(struct silt_signatures *set, const char *const *names, bool is_kept,
                               struct silt_error *error)
{
    enum silt_status status = check_names(set, names, error);
    if (status != SILT_OK)
        return status;
    size_t kept = 0;
    struct silt_signature *items = set->items.items;
    for (size_t i = 0; i < set->items.count; i++)
        if (is_named_by_any(items[i].id, names) == is_kept)
            items[kept++] = items[i];
    set->items.count = kept;
    return silt_canonical_digest(set, error);
}

enum silt_status silt_signatures_only(struct silt_signatures *set, const char *const *ids,
                                      struct silt_error *error)
{
    return choose(set, ids, true, error);
}

enum silt_status silt_signatures_disable(struct silt_signatures *set, const char *const *ids,
                                         struct silt_error *error)
{
    return choose(set, ids, false, error);
}

size_t silt_signatures_count(const struct silt_signatures *set)
{
    return set->items.count;
}

const struct silt_signature *silt_signatures_at(const struct silt_signatures *set, size_t index)
{
    return silt_array_at(&set->items, index);
}

const struct silt_signature *silt_signatures_find(const struct silt_signatures *set, const char *id)
{
    size_t low = 0, high = set->items.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(silt_signatures_at(set, middle)->id, id);
        if (order == 0)
            return silt_signatures_at(set, middle);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *silt_signatures_digest(const struct silt_signatures *set)
{
    return set->digest;
}
