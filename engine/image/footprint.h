/*
 * footprint.h: the inside of struct silt_footprint (image/timeline.h), and its flat form for caches.
 *
 * A path's digest is made part by part: SHA-256(digest of the parent, name), from 32 zero bytes for the root,
 * so that a path and all its parents cost no more than the path is long. The four kinds of marks take eight
 * bytes of it each.
 */
#ifndef SILT_IMAGE_FOOTPRINT_H
#define SILT_IMAGE_FOOTPRINT_H

#include "base/digest.h"
#include "image/timeline.h"

/* A longer path cannot be made by a container runtime (PATH_MAX of Linux) and has no footprint. */
enum { SILT_FOOTPRINT_PATH_MAX = 4096 };

enum silt_mark {
    SILT_MARK_OTHER, /* something that is no directory */
    SILT_MARK_DIRECTORY,
    SILT_MARK_WHITEOUT, /* of this path */
    SILT_MARK_OPAQUE,   /* this directory hides what lower layers have in it */
};

/* The digest of `name` in the directory whose digest is given. */
void silt_footprint_step(const struct silt_digest *parent, struct silt_span name, struct silt_digest *out);

/* Whether a finished footprint has a mark on the path with a digest. */
bool silt_footprint_has(const struct silt_footprint *footprint, const struct silt_digest *path,
                        enum silt_mark mark);

/* The sorted marks of a finished footprint, borrowed; and a footprint made of such (copied). */
const uint64_t *silt_footprint_marks(const struct silt_footprint *footprint, size_t *count);
SILT_MUST_USE enum silt_status silt_footprint_load(const uint64_t *marks, size_t count,
                                                   struct silt_footprint **out, struct silt_error *error);

#endif
