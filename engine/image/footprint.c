/*
 * footprint.c: a flat array of 64-bit marks: appended, sorted once, searched by halving.
 *
 * Tars list directories in order, so the digests of the last entry's parents are kept: an entry costs one
 * hash.
 */
#include "image/footprint.h"

#include "base/error.h"
#include "base/path.h"

#include <stdlib.h>

enum { MARKS_MAX = 1 << 24, PARENTS_MAX = 16, FIRST_TIDY = 1 << 16 };

/* A directory on the way to the last entry: how much of its path, and the digest. */
struct parent {
    size_t size;
    struct silt_digest digest;
};

struct silt_footprint {
    struct silt_array marks;   /* uint64_t */
    size_t tidy_at;            /* count at which repeated marks are weeded out */
    struct silt_buffer last;   /* path of the last entry's directory */
    struct silt_array parents; /* struct parent: each prefix of `last` */
};

void silt_footprint_step(const struct silt_digest *parent, struct silt_span name, struct silt_digest *out)
{
    uint8_t bytes[SILT_DIGEST_SIZE + SILT_FOOTPRINT_PATH_MAX];
    size_t size = name.size < SILT_FOOTPRINT_PATH_MAX ? name.size : SILT_FOOTPRINT_PATH_MAX;
    memcpy(bytes, parent->bytes, SILT_DIGEST_SIZE);
    if (size > 0)
        memcpy(bytes + SILT_DIGEST_SIZE, name.data, size);
    silt_digest_of(silt_span_of(bytes, SILT_DIGEST_SIZE + size), out);
}

static uint64_t mark_of(const struct silt_digest *path, enum silt_mark mark)
{
    uint64_t value;
    memcpy(&value, path->bytes + 8 * (size_t)mark, sizeof value);
    return value;
}

enum silt_status silt_footprint_new(struct silt_footprint **out, struct silt_error *error)
{
    struct silt_footprint *footprint = calloc(1, sizeof *footprint);
    if (footprint == NULL)
        return silt_error_memory(error);
    footprint->marks.item_size = sizeof(uint64_t);
    footprint->parents.item_size = sizeof(struct parent);
    footprint->tidy_at = FIRST_TIDY;
    *out = footprint;
    return SILT_OK;
}

static int by_value(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static bool is_tidy(const uint64_t *marks, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (marks[i - 1] >= marks[i])
            return false;
    return true;
}

/* Sorts and keeps each mark once. Marks from a cache are so already. */
static void tidy(struct silt_footprint *footprint)
{
    uint64_t *marks = footprint->marks.items;
    size_t count = footprint->marks.count, kept = 0;
    if (is_tidy(marks, count))
        return;
    qsort(marks, count, sizeof *marks, by_value);
    for (size_t i = 1; i < count; i++)
        if (marks[i] != marks[kept])
            marks[++kept] = marks[i];
    footprint->marks.count = kept + 1;
}

static enum silt_status put_mark(struct silt_footprint *footprint, const struct silt_digest *path,
                                 enum silt_mark mark, struct silt_error *error)
{
    if (footprint->marks.count >= footprint->tidy_at) {
        tidy(footprint);
        footprint->tidy_at = 2 * footprint->marks.count + FIRST_TIDY;
    }
    if (footprint->marks.count >= MARKS_MAX)
        return silt_error_set(error, SILT_ERR_LIMIT, "the layer has more than %d paths", MARKS_MAX);
    uint64_t *place = silt_array_put(&footprint->marks);
    if (place == NULL)
        return silt_error_memory(error);
    *place = mark_of(path, mark);
    return SILT_OK;
}

/* Drops the kept parents that are not on the way to `directory`. */
static void keep_common(struct silt_footprint *footprint, struct silt_span directory)
{
    struct silt_span last = silt_buffer_span(&footprint->last);
    while (footprint->parents.count > 0) {
        const struct parent *deepest = silt_array_at(&footprint->parents, footprint->parents.count - 1);
        bool ends_there = deepest->size == directory.size ||
                          (deepest->size < directory.size && directory.data[deepest->size] == '/');
        if (ends_there && memcmp(last.data, directory.data, deepest->size) == 0)
            return;
        footprint->parents.count--;
    }
}

/* Goes down to the directory of an entry. A directory that an entry implies, without one of its own, is a
 * directory all the same; only the first PARENTS_MAX are marked, so that deep paths do not cost much memory.
 */
static enum silt_status go_down(struct silt_footprint *footprint, struct silt_span directory,
                                struct silt_digest *out, struct silt_error *error)
{
    keep_common(footprint, directory);
    size_t count = footprint->parents.count, at = 0;
    *out = (struct silt_digest){0};
    if (count > 0) {
        const struct parent *deepest = silt_array_at(&footprint->parents, count - 1);
        *out = deepest->digest;
        at = deepest->size + 1;
    }
    footprint->last.size = 0;
    enum silt_status status = silt_buffer_append(&footprint->last, directory, error);
    while (at < directory.size && status == SILT_OK) {
        size_t end = at;
        while (end < directory.size && directory.data[end] != '/')
            end++;
        struct silt_digest parent = *out;
        silt_footprint_step(&parent, silt_span_slice(directory, at, end - at), out);
        struct parent *kept = silt_array_put(&footprint->parents);
        if (kept == NULL)
            return silt_error_memory(error);
        *kept = (struct parent){end, *out};
        if (footprint->parents.count <= PARENTS_MAX)
            status = put_mark(footprint, out, SILT_MARK_DIRECTORY, error);
        at = end + 1;
    }
    return status;
}

/* ".wh.NAME" hides NAME, ".wh..wh..opq" all of its directory; other ".wh..wh." files are the bookkeeping of
 * AUFS (OCI image spec, layer.md). */
static enum silt_status put_whiteout(struct silt_footprint *footprint, const struct silt_digest *directory,
                                     struct silt_span name, struct silt_error *error)
{
    if (silt_span_is_text(name, ".wh..wh..opq"))
        return put_mark(footprint, directory, SILT_MARK_OPAQUE, error);
    struct silt_span hidden = silt_span_slice(name, strlen(".wh."), name.size);
    if (hidden.size == 0 || silt_span_has_prefix(hidden, ".wh."))
        return SILT_OK;
    struct silt_digest digest;
    silt_footprint_step(directory, hidden, &digest);
    return put_mark(footprint, &digest, SILT_MARK_WHITEOUT, error);
}

enum silt_status silt_footprint_put(struct silt_footprint *footprint, const struct silt_entry *entry,
                                    struct silt_error *error)
{
    bool is_ours = entry->chain_count == 0 && entry->kind != SILT_ENTRY_RAW && entry->path.size > 0 &&
                   entry->path.size <= SILT_FOOTPRINT_PATH_MAX;
    if (!is_ours)
        return SILT_OK;
    struct silt_digest directory, own;
    struct silt_span name = silt_path_name(entry->path);
    enum silt_status status = go_down(footprint, silt_path_parent(entry->path), &directory, error);
    if (status != SILT_OK)
        return status;
    if (silt_span_has_prefix(name, ".wh."))
        return put_whiteout(footprint, &directory, name, error);
    silt_footprint_step(&directory, name, &own);
    return put_mark(footprint, &own,
                    entry->kind == SILT_ENTRY_DIRECTORY ? SILT_MARK_DIRECTORY : SILT_MARK_OTHER, error);
}

void silt_footprint_finish(struct silt_footprint *footprint)
{
    tidy(footprint);
    silt_buffer_clear(&footprint->last);
    silt_array_clear(&footprint->parents);
}

void silt_footprint_free(struct silt_footprint *footprint)
{
    if (footprint == NULL)
        return;
    silt_array_clear(&footprint->marks);
    silt_array_clear(&footprint->parents);
    silt_buffer_clear(&footprint->last);
    free(footprint);
}

bool silt_footprint_has(const struct silt_footprint *footprint, const struct silt_digest *path,
                        enum silt_mark mark)
{
    uint64_t value = mark_of(path, mark);
    const struct silt_array *marks = &footprint->marks;
    return marks->count > 0 && bsearch(&value, marks->items, marks->count, sizeof value, by_value) != NULL;
}

const uint64_t *silt_footprint_marks(const struct silt_footprint *footprint, size_t *count)
{
    *count = footprint->marks.count;
    return footprint->marks.items;
}

enum silt_status silt_footprint_load(const uint64_t *marks, size_t count, struct silt_footprint **out,
                                     struct silt_error *error)
{
    struct silt_footprint *footprint = NULL;
    enum silt_status status = silt_footprint_new(&footprint, error);
    for (size_t i = 0; i < count && status == SILT_OK; i++) {
        uint64_t *place = silt_array_put(&footprint->marks);
        if (place != NULL)
            *place = marks[i];
        else
            status = silt_error_memory(error);
    }
    if (status != SILT_OK) {
        silt_footprint_free(footprint);
        return status;
    }
    silt_footprint_finish(footprint);
    *out = footprint;
    return SILT_OK;
}
