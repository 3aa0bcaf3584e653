/*
 * index.h: image indexes (OCI image spec, image-index.md) and Docker manifest lists: which of their manifests
 * are wanted.
 */
#ifndef SILT_IMAGE_INDEX_H
#define SILT_IMAGE_INDEX_H

#include "image/document.h"

/* Whether a document is an index: it lists manifests. */
bool silt_index_is_one(const struct silt_json *root);

/* Puts the wanted manifests of an index on the reader's leads, so that the first is taken first, and its
 * texts into the reader's. `lead` is the index itself (depth 0: index.json, where the selection's reference
 * chooses).
 *
 * Of entries with a platform only the best is wanted (see struct silt_selection), among those of the same
 * name in index.json, among all in an index below it. Entries without one are all wanted; attestations, with
 * the image that they speak of. */
SILT_MUST_USE enum silt_status silt_index_take(struct silt_reader *reader, const struct silt_lead *lead,
                                               const struct silt_json *root, struct silt_error *error);

#endif
