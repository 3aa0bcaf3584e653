/*
 * timeline.c: the first layer above that touches a path, or one of its parents, decides.
 */
#include "image/timeline.h"

#include "image/footprint.h"

/* All layers of an image, and where the answer stands so far. */
struct search {
    const struct silt_footprint *const *footprints;
    size_t count, layer;
    size_t found; /* the lowest layer above that ends the path; count if none */
};

/* What ends a path when it happens to a directory above it. */
static bool ends_below(const struct silt_footprint *footprint, const struct silt_digest *directory,
                       bool is_root)
{
    if (silt_footprint_has(footprint, directory, SILT_MARK_OPAQUE))
        return true;
    return !is_root && (silt_footprint_has(footprint, directory, SILT_MARK_OTHER) ||
                        silt_footprint_has(footprint, directory, SILT_MARK_WHITEOUT));
}

/* What ends the path itself. A directory over a directory changes nothing. */
static bool ends(const struct silt_footprint *footprint, const struct silt_digest *path, bool is_directory)
{
    return silt_footprint_has(footprint, path, SILT_MARK_OTHER) ||
           silt_footprint_has(footprint, path, SILT_MARK_WHITEOUT) ||
           (!is_directory && silt_footprint_has(footprint, path, SILT_MARK_DIRECTORY));
}

static void look_at_parent(struct search *search, const struct silt_digest *directory, bool is_root)
{
    for (size_t i = search->layer + 1; i < search->found; i++)
        if (search->footprints[i] != NULL && ends_below(search->footprints[i], directory, is_root))
            search->found = i;
}

static void look_at_path(struct search *search, const struct silt_digest *path)
{
    const struct silt_footprint *own = search->footprints[search->layer];
    bool is_directory = own != NULL && silt_footprint_has(own, path, SILT_MARK_DIRECTORY);
    for (size_t i = search->layer + 1; i < search->found; i++)
        if (search->footprints[i] != NULL && ends(search->footprints[i], path, is_directory))
            search->found = i;
}

enum silt_state silt_timeline_state(const struct silt_footprint *const *footprints, size_t count,
                                    size_t layer, struct silt_span path, int *removed_in)
{
    struct search search = {footprints, count, layer, count};
    struct silt_digest digest = {0};
    *removed_in = -1;
    if (path.size == 0 || path.size > SILT_FOOTPRINT_PATH_MAX || layer >= count)
        return SILT_PRESENT;
    look_at_parent(&search, &digest, true);
    for (size_t at = 0; at <= path.size;) {
        size_t end = at;
        while (end < path.size && path.data[end] != '/')
            end++;
        struct silt_digest parent = digest;
        silt_footprint_step(&parent, silt_span_slice(path, at, end - at), &digest);
        if (end < path.size)
            look_at_parent(&search, &digest, false);
        at = end + 1;
    }
    look_at_path(&search, &digest);
    if (search.found == count)
        return SILT_PRESENT;
    *removed_in = (int)search.found;
    bool is_replaced = silt_footprint_has(footprints[search.found], &digest, SILT_MARK_OTHER);
    return is_replaced ? SILT_OVERWRITTEN : SILT_DELETED;
}
