/*
 * directory.h: directories of silt's own.
 */
#ifndef SILT_BASE_DIRECTORY_H
#define SILT_BASE_DIRECTORY_H

#include <silt/status.h>

/* Makes a directory and those above it, with mode 0700, where they are not there. IO with the path in the
 * text; USAGE for a path that is too long. */
SILT_MUST_USE enum silt_status silt_directory_make(const char *path, struct silt_error *error);

#endif
