/*
 * datadir.h: where silt's own files are: the signatures and databases that came with it, and its cache.
 */
#ifndef SILT_CLI_DATADIR_H
#define SILT_CLI_DATADIR_H

#include <limits.h>
#include <stdbool.h>

/* Finds a directory of silt's data, "signatures" or "databases": under $SILT_DATA_DIR if that is set, else
 * beside the program (../share/silt, as installed and as built), else where it was to be installed. False if
 * it is nowhere; then `out` says where it was looked for last. */
bool silt_datadir_find(const char *name, char out[PATH_MAX]);

/* The cache directory: $XDG_CACHE_HOME/silt or ~/.cache/silt; false if neither variable is set. */
bool silt_datadir_cache(char out[PATH_MAX]);

#endif
