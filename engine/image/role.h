/*
 * role.h: what a blob of a manifest is, by its media type.
 */
#ifndef SILT_IMAGE_ROLE_H
#define SILT_IMAGE_ROLE_H

#include "image/catalog.h"

/* media_type may be NULL: then a layer of an image is a layer. `has_urls`: the descriptor says that the blob
 * is to be had elsewhere. */
enum silt_blob_role silt_role_of(const char *media_type, bool is_image, bool has_urls);

/* Whether a config's media type is that of a container image (NULL is). */
bool silt_role_is_image_config(const char *media_type);

#endif
