/*
 * reference.h: whether two image names mean the same.
 */
#ifndef SILT_IMAGE_REFERENCE_H
#define SILT_IMAGE_REFERENCE_H

#include <stdbool.h>

/* Whether the name the user asked for is a name that an archive gives: alike but for "docker.io/", "library/"
 * and "localhost/" in front and ":latest" behind, which people leave out. */
bool silt_reference_match(const char *wanted, const char *offered);

#endif
