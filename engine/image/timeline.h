/*
 * timeline.h: what later layers did to a path (OCI image spec, layer.md: whiteouts, opaque directories,
 * changed files).
 *
 * Each layer's scan fills one footprint: the set of paths it touches, as 64 bits of their SHA-256 each, so
 * that 10^6 files take 16 MB and nobody can cheaply make two paths collide. The timeline puts footprints in
 * order and answers for a path of one layer. Whiteouts hide only what lower layers hold.
 */
#ifndef SILT_IMAGE_TIMELINE_H
#define SILT_IMAGE_TIMELINE_H

#include "archive/entry.h"
#include "base/array.h"

#include <silt/finding.h>

struct silt_footprint;

/* An empty footprint, to be filled by one thread. Free it with silt_footprint_free. */
SILT_MUST_USE enum silt_status silt_footprint_new(struct silt_footprint **out, struct silt_error *error);

/* Notes one entry of the layer's root tar (with an empty chain; others are passed over). LIMIT beyond 16
 * million paths. */
SILT_MUST_USE enum silt_status silt_footprint_put(struct silt_footprint *footprint,
                                                  const struct silt_entry *entry, struct silt_error *error);

/* Sorts; after this it is immutable and may be shared. */
void silt_footprint_finish(struct silt_footprint *footprint);
void silt_footprint_free(struct silt_footprint *footprint);

/* What became of `path` (clean, from `layer`) in the layers above: footprints[0..count) are all layers of the
 * image, base first; NULL for a layer that could not be read. *removed_in is the layer, or -1. A directory
 * that was replaced by a file, a file that was replaced by a directory, a parent that was whited out and an
 * opaque parent all delete; the same path as a non-directory overwrites, whether it was whited out in that
 * layer or not. */
enum silt_state silt_timeline_state(const struct silt_footprint *const *footprints, size_t count,
                                    size_t layer, struct silt_span path, int *removed_in);

#endif
