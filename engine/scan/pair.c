/*
 * pair.c: each half looks among its neighbours, of which many stand near only in hostile text.
 */
#include "scan/pair.h"

#include "base/glob.h"

enum { NEIGHBOURS_MAX = 64 };
static const uint64_t too_far = UINT64_MAX;

static uint64_t width_of(const struct silt_hit *hit)
{
    return hit->secret_size * (hit->decoded_from != NULL ? 2 : 1);
}

/* Bytes between two secrets, 0 for documents; `too_far` where they have nothing to do with each other. */
static uint64_t gap_between(const struct silt_hit *a, const struct silt_hit *b)
{
    if (a->origin != b->origin)
        return too_far;
    if (a->origin != SILT_ORIGIN_FILE)
        return 0;
    const struct silt_hit *low = a->offset <= b->offset ? a : b, *high = low == a ? b : a;
    uint64_t end = low->offset + width_of(low);
    return high->offset > end ? high->offset - end : 0;
}

static bool is_companion(const struct silt_signatures *signatures, const struct silt_hit *hit,
                         const char *companion)
{
    const char *id = silt_signatures_at(signatures, hit->match.signature)->id;
    return silt_glob_match(companion, silt_span_text(id));
}

/* The index of the nearest companion of hits[at], or `at` itself if there is none. */
static size_t find_mate(const struct silt_array *hits, size_t first, size_t at,
                        const struct silt_signatures *signatures)
{
    const struct silt_hit *items = hits->items, *hit = &items[at];
    const struct silt_signature *signature = silt_signatures_at(signatures, hit->match.signature);
    uint64_t nearest = (uint64_t)signature->companion_within + 1;
    size_t low = at - first > NEIGHBOURS_MAX ? at - NEIGHBOURS_MAX : first;
    size_t high = hits->count - at > NEIGHBOURS_MAX ? at + NEIGHBOURS_MAX : hits->count;
    size_t mate = at;
    for (size_t i = low; i < high; i++) {
        uint64_t gap = i != at ? gap_between(hit, &items[i]) : too_far;
        if (gap < nearest && is_companion(signatures, &items[i], signature->companion)) {
            nearest = gap;
            mate = i;
        }
    }
    return mate;
}

static void raise(struct silt_hit *hit, size_t mate)
{
    if (hit->mate == 0)
        hit->mate = mate + 1;
    if (hit->match.validation != SILT_VALIDATION_INVALID)
        hit->match.confidence = SILT_CONFIDENCE_HIGH;
}

void silt_pair_join(struct silt_array *hits, size_t first, const struct silt_signatures *signatures)
{
    struct silt_hit *items = hits->items;
    for (size_t i = first; i < hits->count; i++) {
        if (silt_signatures_at(signatures, items[i].match.signature)->companion[0] == '\0')
            continue;
        size_t mate = find_mate(hits, first, i, signatures);
        if (mate != i) {
            raise(&items[i], mate);
            raise(&items[mate], i);
        } else if (items[i].mate == 0 && items[i].match.confidence > SILT_CONFIDENCE_MEDIUM) {
            items[i].match.confidence = SILT_CONFIDENCE_MEDIUM;
        }
    }
}
