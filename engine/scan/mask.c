/*
 * mask.c: one secret after the other is looked for and replaced by its redacted form.
 */
#include "scan/mask.h"

#include "base/error.h"
#include "scan/secret.h"

#include <stdlib.h>

/* 512 MiB of SHA-256 is about half a second; a hash of a short secret costs as much as 256 bytes (RFC 2104:
 * four blocks). */
enum { SECRET_MIN = 4, HASHED_MAX = 512 << 20, HASH_COST = 256 };

static const char withheld[] = "(not shown: it may hold secrets)";

struct item {
    const struct silt_hit *hit;
    size_t order;
};

static struct item *item_at(const struct silt_mask *mask, size_t index)
{
    return silt_array_at(&mask->items, index);
}

enum silt_status silt_mask_put(struct silt_mask *mask, const struct silt_array *hits,
                               struct silt_error *error)
{
    mask->items.item_size = sizeof(struct item);
    for (size_t i = 0; i < hits->count; i++) {
        const struct silt_hit *hit = silt_array_at(hits, i);
        if (hit->secret_size < SECRET_MIN)
            continue;
        struct item *item = silt_array_put(&mask->items);
        if (item == NULL)
            return silt_error_memory(error);
        *item = (struct item){hit, mask->items.count};
    }
    return SILT_OK;
}

static int by_order(const void *a, const void *b)
{
    size_t x = ((const struct item *)a)->order, y = ((const struct item *)b)->order;
    return (x > y) - (x < y);
}

static int by_key(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int order = memcmp(x->hit->key, y->hit->key, sizeof x->hit->key);
    return order != 0 ? order : by_order(a, b);
}

void silt_mask_finish(struct silt_mask *mask)
{
    size_t kept = 0, count = mask->items.count;
    if (count == 0)
        return;
    qsort(mask->items.items, count, sizeof(struct item), by_key);
    for (size_t i = 1; i < count; i++)
        if (memcmp(item_at(mask, i)->hit->key, item_at(mask, kept)->hit->key,
                   sizeof(((struct silt_hit *)0)->key)) != 0)
            *item_at(mask, ++kept) = *item_at(mask, i);
    mask->items.count = kept + 1;
    qsort(mask->items.items, mask->items.count, sizeof(struct item), by_order);
}

/* Whether the secret of a hit stands here. */
static bool is_secret(struct silt_mask *mask, struct silt_span here, const struct silt_hit *hit)
{
    uint8_t key[sizeof hit->key];
    mask->hashed += here.size + HASH_COST;
    silt_secret_key(here, key);
    return memcmp(key, hit->key, sizeof key) == 0;
}

/* The first place at or after `from` where the secret stands that is known by its hash; text.size if none, or
 * if that was too much work. */
static size_t find_by_key(struct silt_mask *mask, struct silt_span text, size_t from,
                          const struct silt_hit *hit)
{
    struct silt_span head, tail;
    size_t size = (size_t)hit->secret_size;
    silt_secret_ends(hit->redacted, size, &head, &tail);
    for (size_t at = from; size <= text.size && at <= text.size - size; at++) {
        const uint8_t *start =
            head.size == 0 ? text.data + at
                           : memmem(text.data + at, text.size - size - at + head.size, head.data, head.size);
        if (start == NULL || mask->hashed > HASHED_MAX)
            break;
        at = (size_t)(start - text.data);
        struct silt_span here = silt_span_of(start, size);
        if (silt_span_equal(silt_span_slice(here, size - tail.size, tail.size), tail) &&
            is_secret(mask, here, hit))
            return at;
    }
    return text.size;
}

static size_t find(struct silt_mask *mask, struct silt_span text, size_t from, const struct silt_hit *hit)
{
    if (hit->secret.size == 0)
        return find_by_key(mask, text, from, hit);
    const uint8_t *start = memmem(text.data + from, text.size - from, hit->secret.data, hit->secret.size);
    return start != NULL ? (size_t)(start - text.data) : text.size;
}

/* A copy with `size` bytes at a place replaced. */
static struct silt_span replace(struct silt_span text, size_t at, size_t size, struct silt_span with,
                                struct silt_arena *arena)
{
    size_t rest = text.size - at - size;
    uint8_t *out = silt_arena_take(arena, at + with.size + rest + 1);
    if (out == NULL)
        return (struct silt_span){NULL, 0};
    memcpy(out, text.data, at);
    if (with.size > 0)
        memcpy(out + at, with.data, with.size);
    memcpy(out + at + with.size, text.data + at + size, rest);
    return silt_span_of(out, at + with.size + rest);
}

static struct silt_span mask_one(struct silt_mask *mask, struct silt_span text, const struct silt_hit *hit,
                                 struct silt_arena *arena)
{
    size_t from = 0;
    while (text.data != NULL && from < text.size) {
        size_t at = find(mask, text, from, hit);
        if (at == text.size)
            break;
        text = replace(text, at, (size_t)hit->secret_size, hit->redacted, arena);
        from = at + hit->redacted.size;
    }
    return text;
}

const char *silt_mask_apply(struct silt_mask *mask, const char *text, struct silt_arena *arena)
{
    struct silt_span masked = silt_span_text(text);
    for (size_t i = 0; i < mask->items.count && masked.size >= SECRET_MIN; i++)
        masked = mask_one(mask, masked, item_at(mask, i)->hit, arena);
    return masked.data != NULL && mask->hashed > HASHED_MAX ? withheld : (const char *)masked.data;
}

void silt_mask_clear(struct silt_mask *mask)
{
    silt_array_clear(&mask->items);
}
