/*
 * shape.h: whether names from outside have the shape of what they are to be (OCI distribution specification
 * 1.1, "Pulling manifests"): what has is safe in an address, a log and a database.
 */
#ifndef SILT_CLI_SERVE_SHAPE_H
#define SILT_CLI_SERVE_SHAPE_H

#include <stdbool.h>

/* "team/app": lower case, at most 255 characters. */
bool silt_shape_is_repository(const char *text);

/* "1.0": at most 128 characters. */
bool silt_shape_is_tag(const char *text);

/* "sha256:" and 64 digits in lower case. */
bool silt_shape_is_digest(const char *text);

/* "registry.example.com:5000", "[::1]:5000". */
bool silt_shape_is_host(const char *text);

#endif
