/*
 * hasher.h: a SHA-256 that is made piece by piece.
 */
#ifndef SILT_BASE_HASHER_H
#define SILT_BASE_HASHER_H

#include "base/digest.h"

/* A hash being made. Belongs to one thread. */
struct silt_hasher;

/* Starts a hash. MEMORY. Free it with silt_hasher_free. */
SILT_MUST_USE enum silt_status silt_hasher_new(struct silt_hasher **out, struct silt_error *error);

/* Adds bytes. */
void silt_hasher_put(struct silt_hasher *hasher, struct silt_span bytes);

/* Answers the digest of all bytes put so far and starts anew. */
void silt_hasher_take(struct silt_hasher *hasher, struct silt_digest *out);

/* Frees it; NULL is allowed. */
void silt_hasher_free(struct silt_hasher *hasher);

#endif
