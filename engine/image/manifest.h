/*
 * manifest.h: one manifest: image, artifact or attestation (OCI image spec, manifest.md; Docker image
 * manifest v2 schema 2).
 */
#ifndef SILT_IMAGE_MANIFEST_H
#define SILT_IMAGE_MANIFEST_H

#include "image/document.h"

/* Whether a document is a manifest: it lists layers, or blobs (the artifact manifest of OCI 1.1's drafts). */
bool silt_manifest_is_one(const struct silt_json *root);

/* Turns a manifest document into an entry of the catalog (or not, if its platform is not wanted), with the
 * texts that the reader holds so far and its own. */
SILT_MUST_USE enum silt_status silt_manifest_take(struct silt_reader *reader, const struct silt_lead *lead,
                                                  const struct silt_document_json *document,
                                                  struct silt_error *error);

/* Adds a finished manifest to the catalog with the reader's texts. `first_text` is where its own begin: they
 * are dropped if the image's platform is not the one asked for. */
SILT_MUST_USE enum silt_status silt_manifest_keep(struct silt_reader *reader, struct silt_manifest *manifest,
                                                  const struct silt_lead *lead, size_t first_text,
                                                  struct silt_error *error);

#endif
