/*
 * image.h: what silt knows of an image when it reports on it. Terms as in the OCI image specification.
 *
 * All pointers are borrowed and valid until the callback that was handed the image returns. Strings come
 * from the image and may hold anything; NULL means that the image does not say.
 */
#ifndef SILT_IMAGE_H
#define SILT_IMAGE_H

#include <silt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct silt_image_layer {
    int index;              /* 0 is the base */
    const char *digest;     /* "sha256:…" of the blob as stored; NULL in a docker-archive */
    const char *diff_id;    /* "sha256:…" of the uncompressed tar */
    const char *media_type; /* NULL where the source has none */
    uint64_t size_bytes;    /* of the blob as stored */
    const char *created_by; /* the history instruction, secrets masked */
    bool is_empty;          /* a history entry without a blob */
};

struct silt_image {
    const char *reference;
    const char *digest; /* of the manifest; NULL in a docker-archive */
    const char *config_digest;
    const char *platform; /* "linux/arm64/v8" */
    const char *created;  /* RFC 3339 as the config has it */
    const struct silt_image_layer *layers;
    size_t layer_count;
    const char *revision; /* the commit it was built from: label org.opencontainers.image.revision */
};

#endif
