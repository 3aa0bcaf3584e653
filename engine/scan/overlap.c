/*
 * overlap.c: sort by place, then one pass that keeps the better of two neighbours.
 */
#include "scan/overlap.h"

#include <stdlib.h>
#include <string.h>

static int compare_place(const void *a, const void *b)
{
    const struct silt_hit *x = a, *y = b;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    if (x->secret.size != y->secret.size)
        return x->secret.size > y->secret.size ? -1 : 1;
    return x->match.signature < y->match.signature ? -1 : x->match.signature > y->match.signature;
}

static const struct silt_signature *signature_of(const struct silt_signatures *signatures,
                                                 const struct silt_hit *hit)
{
    return silt_signatures_at(signatures, hit->match.signature);
}

static bool is_file_hit(const struct silt_signatures *signatures, const struct silt_hit *hit)
{
    return signature_of(signatures, hit)->pattern[0] == '\0';
}

/* How much a signature says about whose the secret is: one that knows only what a secret is called says the
 * least, one that knows a form which many issuers share says less than an issuer's own. */
static uint64_t ownership(const struct silt_signatures *signatures, const struct silt_hit *hit)
{
    static const char *const shared_forms[] = {"jwt.token", "ai.sk-key", NULL};
    const char *id = signature_of(signatures, hit)->id;
    if (strncmp(id, "generic.", strlen("generic.")) == 0)
        return 0;
    for (const char *const *form = shared_forms; *form != NULL; form++)
        if (strcmp(id, *form) == 0)
            return 1;
    return 2;
}

/* How good a hit is, as digits from the most telling to the least. */
static uint64_t rank(const struct silt_signatures *signatures, const struct silt_hit *hit)
{
    uint64_t size = hit->secret.size < 0xffffff ? hit->secret.size : 0xffffff;
    uint64_t is_valid = hit->match.validation == SILT_VALIDATION_VALID;
    return ownership(signatures, hit) << 44 | (uint64_t)hit->match.confidence << 40 | is_valid << 36 |
           (uint64_t)hit->match.severity << 28 | size;
}

/* What the loser knows for sure is true of the winner too when both are the same secret. */
static void inherit(struct silt_hit *winner, const struct silt_hit *loser)
{
    if (winner->offset != loser->offset || winner->secret.size != loser->secret.size)
        return;
    if (loser->match.confidence > winner->match.confidence)
        winner->match.confidence = loser->match.confidence;
    if (loser->match.validation == SILT_VALIDATION_VALID &&
        winner->match.validation == SILT_VALIDATION_NONE) {
        winner->match.validation = SILT_VALIDATION_VALID;
        memcpy(winner->match.detail, loser->match.detail, sizeof winner->match.detail);
    }
}

/* Of two hits that overlap the better one, in place of the first. */
static void settle(const struct silt_signatures *signatures, struct silt_hit *last,
                   const struct silt_hit *hit)
{
    struct silt_hit loser = *hit;
    if (rank(signatures, hit) > rank(signatures, last)) {
        loser = *last;
        *last = *hit;
    }
    inherit(last, &loser);
}

static uint64_t end_of(const struct silt_hit *hit)
{
    uint64_t width = hit->decoded_from != NULL ? 2 : 1;
    return hit->offset + hit->secret.size * width;
}

void silt_overlap_resolve(struct silt_array *hits, size_t first, const struct silt_signatures *signatures)
{
    if (hits->count - first < 2)
        return;
    struct silt_hit *items = (struct silt_hit *)hits->items + first;
    qsort(items, hits->count - first, sizeof *items, compare_place);
    size_t kept = 0;
    struct silt_hit *last = NULL; /* the last one kept that is not a file's */
    for (size_t i = 0; i < hits->count - first; i++) {
        struct silt_hit *hit = &items[i];
        bool is_file = is_file_hit(signatures, hit);
        if (!is_file && last != NULL && hit->offset < end_of(last)) {
            settle(signatures, last, hit);
            continue;
        }
        items[kept] = *hit;
        if (!is_file)
            last = &items[kept];
        kept++;
    }
    hits->count = first + kept;
}
