/*
 * image_name.h: the name of an image in a registry, taken apart.
 */
#ifndef SILT_REGISTRY_IMAGE_NAME_H
#define SILT_REGISTRY_IMAGE_NAME_H

#include "base/span.h"

enum {
    SILT_IMAGE_NAME_HOST_SIZE = 272,
    SILT_IMAGE_NAME_REPOSITORY_SIZE = 256,
    SILT_IMAGE_NAME_TAG_SIZE = 129,
    SILT_IMAGE_NAME_DIGEST_SIZE = 144,
};

/* Parts that the text does not have are "". */
struct silt_image_name {
    char host[SILT_IMAGE_NAME_HOST_SIZE]; /* as users know it: "docker.io", "host:5000", "[::1]:5000" */
    char repository[SILT_IMAGE_NAME_REPOSITORY_SIZE]; /* "library/alpine" */
    char tag[SILT_IMAGE_NAME_TAG_SIZE];
    char digest[SILT_IMAGE_NAME_DIGEST_SIZE]; /* "sha256:…" */
};

/* Reads [HOST/]REPOSITORY[:TAG][@DIGEST] as docker does: what stands before the first slash is a host if it
 * has a dot, a colon or an upper-case letter, or is "localhost"; otherwise the image is on Docker Hub, in
 * library/ if it has no slash. USAGE, with what is wrong. */
SILT_MUST_USE enum silt_status silt_image_name_parse(struct silt_span text, struct silt_image_name *out,
                                                     struct silt_error *error);

/* Reads a host alone. */
SILT_MUST_USE enum silt_status silt_image_name_parse_host(struct silt_span text, struct silt_image_name *out,
                                                          struct silt_error *error);

/* Whether a text is a repository's name or a tag, as a registry may list them. */
bool silt_image_name_is_repository(struct silt_span text);
bool silt_image_name_is_tag(struct silt_span text);

/* Whether a text is a digest that can stand in an address: an algorithm, a colon, hexadecimal digits; of the
 * right number for sha256 and sha512. */
bool silt_image_name_is_digest(struct silt_span text);

/* Where the API of a host is: "registry-1.docker.io" for Docker Hub, else the host itself. Borrowed. */
const char *silt_image_name_api_host(const char *host);

#endif
