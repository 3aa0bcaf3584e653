/*
 * owner.c: from a hit to the question that image/packages.h answers.
 */
#include "scan/owner.h"

#include "base/error.h"

/* Whether a part is a layer, or holds files of the target itself: not an archive in it. */
static bool has_files_of_its_own(const struct silt_emission *emission, const struct silt_part *part)
{
    if (emission->manifest != NULL)
        return part->layer >= 0;
    return part->prefix.size == 0;
}

enum silt_status silt_owner_gather(const struct silt_emission *emission, struct silt_arena *arena,
                                   struct silt_owner_records *out, struct silt_error *error)
{
    out->count = 0;
    out->layers = silt_arena_take(arena, (emission->part_count + 1) * sizeof(struct silt_packages *));
    if (out->layers == NULL)
        return silt_error_memory(error);
    for (size_t i = 0; i < emission->part_count; i++) {
        const struct silt_part *part = &emission->parts[i];
        if (has_files_of_its_own(emission, part))
            out->layers[out->count++] = part->result != NULL ? part->result->packages : NULL;
    }
    return SILT_OK;
}

/* The file that a package would have brought: the outermost archive around the hit, if there is one. */
static struct silt_span file_of(const struct silt_spot *spot)
{
    return spot->chain_count > 0 ? spot->chain[0] : spot->path;
}

/* Of a file that has a result of its own: a tar among them may be a root with records of its own, else all
 * that is in it belongs to who brought it. */
static bool find_in_song(const struct silt_owner_records *records, const struct silt_part *part,
                         const struct silt_spot *spot, struct silt_package *out)
{
    const struct silt_packages *own = part->result->packages;
    const struct silt_package_question inner = {&own, 1, 0, file_of(spot), spot->checksums};
    const struct silt_package_question outer = {records->layers, records->count, 0, part->prefix,
                                                part->result->checksums};
    return silt_packages_find(&inner, out) || silt_packages_find(&outer, out);
}

bool silt_owner_find(const struct silt_owner_records *records, const struct silt_part *part,
                     const struct silt_hit *hit, struct silt_package *out)
{
    const struct silt_spot *spot = hit->spot;
    bool is_in_file = hit->origin == SILT_ORIGIN_FILE || hit->origin == SILT_ORIGIN_PATH;
    if (!is_in_file || (spot->is_raw && spot->chain_count == 0))
        return false;
    if (part->prefix.size > 0)
        return find_in_song(records, part, spot, out);
    const struct silt_package_question question = {
        .layers = records->layers,
        .count = records->count,
        .layer = part->layer > 0 ? (size_t)part->layer : 0,
        .path = file_of(spot),
        .checksums = spot->checksums,
    };
    return question.layer < question.count && silt_packages_find(&question, out);
}
