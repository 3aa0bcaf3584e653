/*
 * created.h: when an image in a registry was made, which only its config says.
 */
#ifndef SILT_REGISTRY_CREATED_H
#define SILT_REGISTRY_CREATED_H

#include "registry/holdings.h"

/* Reads a date of RFC 3339 into seconds since 1970; false if it is none. */
bool silt_created_parse(const char *text, int64_t *out);

/* Finds when a manifest's image, or the newest of an index's images, was made; what is pulled for that is
 * kept in the holdings. False if that is not known: it is not said, cannot be read, or is the 1970 or 1980
 * that reproducible builds write. */
bool silt_created_find(struct silt_session *session, struct silt_holdings *holdings, const char *repository,
                       const struct silt_pulled *pulled, int64_t *out);

#endif
