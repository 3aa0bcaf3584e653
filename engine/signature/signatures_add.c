/*
 * signatures_add.c: signature files into a set. All or nothing: a set is as it was when a file fails.
 */
#include "base/error.h"
#include "signature/canonical.h"
#include "signature/definition.h"
#include "signature/json_files.h"

#include <stdlib.h>
#include <sys/stat.h>

/* The values of the 8 MiB that a file may have take up to 160 bytes each. */
enum { JSON_BUDGET = 128 << 20 };

/* Definitions in the order in which they are read. */
struct adding {
    struct silt_arena *arena;
    struct silt_array definitions; /* of struct silt_definition */
    struct silt_error *error;
};

/* {"schema": "silt.signatures/1", "signatures": […]} and nothing else. */
static enum silt_status check_root(const struct silt_json *root, struct silt_error *error)
{
    if (!silt_span_is_text(silt_json_text(silt_json_get(root, "schema")), "silt.signatures/1"))
        return silt_error_set(error, SILT_ERR_USAGE, "\"schema\" must be \"silt.signatures/1\"");
    if (!silt_json_is_array(silt_json_get(root, "signatures")))
        return silt_error_set(error, SILT_ERR_USAGE, "\"signatures\" must be an array");
    void *iterator = NULL;
    const char *key;
    const struct silt_json *value;
    while (silt_json_next(root, &iterator, &key, &value))
        if (strcmp(key, "schema") != 0 && strcmp(key, "signatures") != 0)
            return silt_error_set(error, SILT_ERR_USAGE, "unknown key \"%.80s\"", key);
    return SILT_OK;
}

static enum silt_status read_definitions(struct adding *adding, const struct silt_json *root,
                                         const char *file)
{
    enum silt_status status = check_root(root, adding->error);
    const struct silt_json *list = silt_json_get(root, "signatures");
    size_t count = silt_json_count(list);
    for (size_t i = 0; i < count && status == SILT_OK; i++) {
        struct silt_definition *definition = silt_array_put(&adding->definitions);
        if (definition == NULL)
            return silt_error_memory(adding->error);
        definition->order = adding->definitions.count;
        status =
            silt_definition_read(silt_json_at(list, i), file, i, adding->arena, definition, adding->error);
    }
    return status;
}

static enum silt_status add_file(struct adding *adding, const char *path)
{
    struct silt_buffer text = {0};
    struct silt_json *root = NULL;
    const char *file = silt_arena_copy(adding->arena, silt_span_text(path));
    if (file == NULL)
        return silt_error_memory(adding->error);
    enum silt_status status = silt_json_files_read(path, &text, adding->error);
    if (status != SILT_OK)
        goto out;
    status = silt_json_parse(silt_buffer_span(&text), JSON_BUDGET, &root, adding->error);
    if (status == SILT_OK)
        status = read_definitions(adding, root, file);
    if (status != SILT_OK)
        silt_error_prefix(adding->error, "%s", path);
out:
    silt_json_free(root);
    silt_buffer_clear(&text);
    return status;
}

static enum silt_status add_directory(struct adding *adding, const char *directory)
{
    struct silt_array paths;
    enum silt_status status = silt_json_files_list(directory, &paths, adding->error);
    for (size_t i = 0; i < paths.count && status == SILT_OK; i++)
        status = add_file(adding, *(char **)silt_array_at(&paths, i));
    silt_json_files_clear(&paths);
    return status;
}

static int compare_definitions(const void *a, const void *b)
{
    const struct silt_definition *x = a, *y = b;
    int order = strcmp(x->signature.id, y->signature.id);
    if (order != 0)
        return order;
    return x->order < y->order ? -1 : 1;
}

/* What the set holds already comes first, so that it is what gets replaced. */
static enum silt_status take_present(struct adding *adding, const struct silt_signatures *set)
{
    for (size_t i = 0; i < set->items.count; i++) {
        struct silt_definition *definition = silt_array_put(&adding->definitions);
        if (definition == NULL)
            return silt_error_memory(adding->error);
        definition->signature = *silt_signatures_at(set, i);
        definition->order = adding->definitions.count;
    }
    return SILT_OK;
}

/* Names of files are compared by address: each read of a file has a copy of its own. */
static enum silt_status check_duplicates(const struct adding *adding)
{
    const struct silt_definition *all = adding->definitions.items;
    for (size_t i = 1; i < adding->definitions.count; i++)
        if (all[i - 1].signature.file == all[i].signature.file &&
            strcmp(all[i - 1].signature.id, all[i].signature.id) == 0)
            return silt_error_set(adding->error, SILT_ERR_USAGE, "%s: %s: \"id\" stands there twice",
                                  all[i].signature.file, all[i].signature.id);
    return SILT_OK;
}

/* The last definition of each id, unless it says that the signature is disabled. */
static enum silt_status take_last(const struct adding *adding, struct silt_array *items)
{
    const struct silt_definition *all = adding->definitions.items;
    size_t count = adding->definitions.count;
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count || strcmp(all[i].signature.id, all[i + 1].signature.id) != 0;
        if (!is_last || all[i].is_disabled)
            continue;
        struct silt_signature *item = silt_array_put(items);
        if (item == NULL)
            return silt_error_memory(adding->error);
        *item = all[i].signature;
    }
    return SILT_OK;
}

static enum silt_status merge(struct adding *adding, struct silt_signatures *set)
{
    if (adding->definitions.count > 0)
        qsort(adding->definitions.items, adding->definitions.count, sizeof(struct silt_definition),
              compare_definitions);
    struct silt_array items = {.item_size = sizeof(struct silt_signature)}, old = set->items;
    enum silt_status status = check_duplicates(adding);
    if (status == SILT_OK)
        status = take_last(adding, &items);
    if (status == SILT_OK) {
        set->items = items;
        status = silt_canonical_digest(set, adding->error);
        items = status == SILT_OK ? old : items;
        set->items = status == SILT_OK ? set->items : old;
    }
    silt_array_clear(&items);
    return status;
}

enum silt_status silt_signatures_add(struct silt_signatures *set, const char *path, struct silt_error *error)
{
    struct adding adding = {
        .arena = &set->arena, .definitions = {.item_size = sizeof(struct silt_definition)}, .error = error};
    struct stat info;
    if (stat(path, &info) != 0)
        return silt_json_files_failed(path, error);
    enum silt_status status = take_present(&adding, set);
    if (status == SILT_OK)
        status = S_ISDIR(info.st_mode) ? add_directory(&adding, path) : add_file(&adding, path);
    if (status == SILT_OK)
        status = merge(&adding, set);
    silt_array_clear(&adding.definitions);
    return status;
}
