/*
 * package_base64.h: checksums as apk and Python wheels write them.
 */
#ifndef SILT_IMAGE_PACKAGE_BASE64_H
#define SILT_IMAGE_PACKAGE_BASE64_H

#include "base/span.h"

/* Reads base64 of either alphabet (RFC 4648, sections 4 and 5), with or without padding, that stands for just
 * `size` bytes; false for all else. */
bool silt_package_base64_decode(struct silt_span text, uint8_t *out, size_t size);

#endif
