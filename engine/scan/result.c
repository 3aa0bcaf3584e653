/*
 * result.c: the memory of one blob's scan.
 */
#include "scan/result.h"

#include "base/error.h"

#include <stdlib.h>

enum { ROWS_MAX = 10000 }; /* skips, problems, aliases: a hostile blob must not fill memory with complaints */

enum silt_status silt_result_new(struct silt_result **out, struct silt_error *error)
{
    struct silt_result *result = calloc(1, sizeof *result);
    if (result == NULL)
        return silt_error_memory(error);
    result->hits.item_size = sizeof(struct silt_hit);
    result->skips.item_size = sizeof(struct silt_skip);
    result->problems.item_size = sizeof(struct silt_problem);
    result->aliases.item_size = sizeof(struct silt_alias);
    result->coverage.is_complete = true;
    *out = result;
    return SILT_OK;
}

void silt_result_free(struct silt_result *result)
{
    if (result == NULL)
        return;
    silt_footprint_free(result->footprint);
    silt_packages_free(result->packages);
    silt_array_clear(&result->hits);
    silt_array_clear(&result->skips);
    silt_array_clear(&result->problems);
    silt_array_clear(&result->aliases);
    silt_arena_wipe(&result->arena);
    free(result);
}

/* Copies a span into the arena; an empty one on failure sets *failed. */
static struct silt_span keep(struct silt_result *result, struct silt_span bytes, bool *failed)
{
    char *copy = silt_arena_copy(&result->arena, bytes);
    if (copy == NULL) {
        *failed = true;
        return (struct silt_span){NULL, 0};
    }
    return silt_span_of(copy, bytes.size);
}

static const struct silt_span *keep_chain(struct silt_result *result, const struct silt_span *chain,
                                          size_t count, bool *failed)
{
    if (count == 0)
        return NULL;
    struct silt_span *copy = silt_arena_take(&result->arena, count * sizeof *copy);
    if (copy == NULL) {
        *failed = true;
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        copy[i] = keep(result, chain[i], failed);
    return copy;
}

enum silt_status silt_result_put_spot(struct silt_result *result, const struct silt_entry *entry,
                                      struct silt_spot **out, struct silt_error *error)
{
    struct silt_spot *spot = silt_arena_take(&result->arena, sizeof *spot);
    if (spot == NULL)
        return silt_error_memory(error);
    bool failed = false;
    spot->chain = keep_chain(result, entry->chain, entry->chain_count, &failed);
    spot->chain_count = entry->chain_count;
    spot->path = keep(result, entry->path, &failed);
    spot->path_bytes = keep(result, entry->path_bytes, &failed);
    spot->is_raw = entry->kind == SILT_ENTRY_RAW;
    if (failed)
        return silt_error_memory(error);
    *out = spot;
    return SILT_OK;
}

static void keep_place(struct silt_result *result, struct silt_place *place, bool *failed)
{
    place->chain = keep_chain(result, place->chain, place->chain_count, failed);
    place->path = keep(result, place->path, failed);
    if (*failed)
        *place = (struct silt_place){.layer = -1};
}

void silt_result_put_skip(struct silt_result *result, const struct silt_skip *skip)
{
    if (silt_skip_is_content(skip->reason))
        result->coverage.is_complete = false;
    if (result->skips.count >= ROWS_MAX) {
        result->coverage.is_complete = false;
        return;
    }
    struct silt_skip *row = silt_array_put(&result->skips);
    if (row == NULL) {
        result->is_fleeting = true;
        result->coverage.is_complete = false;
        return;
    }
    *row = *skip;
    bool failed = false;
    keep_place(result, &row->place, &failed);
    struct silt_span detail = keep(result, silt_span_text(skip->detail), &failed);
    row->detail = detail.data != NULL ? (const char *)detail.data : "";
    result->is_fleeting = result->is_fleeting || failed;
}

void silt_result_put_problem(struct silt_result *result, enum silt_status status, struct silt_span path,
                             const char *message)
{
    result->coverage.is_complete = false;
    struct silt_problem *row = result->problems.count < ROWS_MAX ? silt_array_put(&result->problems) : NULL;
    if (row == NULL)
        return;
    bool failed = false;
    *row = (struct silt_problem){.status = status, .place = {.path = path, .layer = -1}};
    keep_place(result, &row->place, &failed);
    struct silt_span text = keep(result, silt_span_text(message), &failed);
    row->message = text.data != NULL ? (const char *)text.data : "";
}

static bool has_hits_at(const struct silt_result *result, struct silt_span path)
{
    const struct silt_spot *seen = NULL;
    for (size_t i = result->hits.count; i > 0; i--) {
        const struct silt_spot *spot = silt_result_hit(result, i - 1)->spot;
        if (spot != seen && spot->chain_count == 0 && silt_span_equal(spot->path, path))
            return true;
        seen = spot;
    }
    return false;
}

enum silt_status silt_result_put_alias(struct silt_result *result, const struct silt_entry *entry,
                                       struct silt_error *error)
{
    if (entry->chain_count > 0 || result->aliases.count >= ROWS_MAX ||
        !has_hits_at(result, entry->link_target))
        return SILT_OK;
    struct silt_alias *alias = silt_array_put(&result->aliases);
    if (alias == NULL)
        return silt_error_memory(error);
    bool failed = false;
    alias->target = keep(result, entry->link_target, &failed);
    alias->path = keep(result, entry->path, &failed);
    return failed ? silt_error_memory(error) : SILT_OK;
}
