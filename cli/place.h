/*
 * place.h: a place as one path.
 */
#ifndef SILT_CLI_PLACE_H
#define SILT_CLI_PLACE_H

#include <silt/finding.h>

/* The path with what it is nested in, `outer.jar!/inner`, as the bytes stand there. The caller frees it; NULL
 * when memory is out. */
char *silt_place_path_new(const struct silt_place *place, size_t *size);

#endif
