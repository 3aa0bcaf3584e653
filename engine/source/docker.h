/*
 * docker.h: where transport "docker" leads.
 */
#ifndef SILT_SOURCE_DOCKER_H
#define SILT_SOURCE_DOCKER_H

#include "registry/image_name.h"

/* Takes the location of a docker target apart: a reference, with "//" in front or without; with `is_catalog`,
 * a host alone. USAGE. */
SILT_MUST_USE enum silt_status silt_docker_parse(const char *location, bool is_catalog,
                                                 struct silt_image_name *out, struct silt_error *error);

#endif
