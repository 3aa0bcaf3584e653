/*
 * config.h: an image's config (OCI image spec, config.md; Docker's has the same members and a few more).
 */
#ifndef SILT_IMAGE_CONFIG_H
#define SILT_IMAGE_CONFIG_H

#include "image/document.h"

/* Reads the config into the manifest, whose first `layer_count` blobs are its layers: platform, creation,
 * diff_ids, history, and all texts. A config that cannot be read is noted as a problem; the layers stay. */
SILT_MUST_USE enum silt_status silt_config_read(struct silt_reader *reader, struct silt_manifest *manifest,
                                                const struct silt_document_want *want, size_t layer_count,
                                                struct silt_error *error);

#endif
