/*
 * listing.h: what a registry says that it has: tags of a repository, repositories of the registry.
 */
#ifndef SILT_REGISTRY_LISTING_H
#define SILT_REGISTRY_LISTING_H

#include "base/arena.h"
#include "base/array.h"
#include "registry/session.h"

/* Names, as the registry lists them: not checked. Zero-initialise; clear it. */
struct silt_listing {
    struct silt_array names; /* const char * */
    struct silt_arena arena;
};

/* Reads all pages of a repository's tags, or, with NULL, of the registry's repositories, and sorts. LIMIT
 * beyond 200,000 names or 10,000 pages. */
SILT_MUST_USE enum silt_status silt_listing_read(struct silt_session *session, const char *repository,
                                                 struct silt_listing *out, struct silt_error *error);

/* The name at an index. */
const char *silt_listing_at(const struct silt_listing *listing, size_t index);

/* Frees the names. */
void silt_listing_clear(struct silt_listing *listing);

#endif
