/*
 * member.h: members of an image's JSON documents.
 *
 * Container engines read them with Go's encoding/json, which does not mind upper and lower case in keys. So
 * neither do these functions: "LAYERS" would be loaded, so it is scanned.
 */
#ifndef SILT_IMAGE_MEMBER_H
#define SILT_IMAGE_MEMBER_H

#include "base/arena.h"
#include "base/json.h"

/* A member by its exact key, else by a key that differs in case only, else NULL. */
const struct silt_json *silt_member_get(const struct silt_json *object, const char *key);

/* A string member; NULL if it is absent, empty, no string or holds a NUL. */
const char *silt_member_string(const struct silt_json *object, const char *key);

/* The same as a copy in the arena; *ok becomes false when memory is out. */
const char *silt_member_copy(const struct silt_json *object, const char *key, struct silt_arena *arena,
                             bool *ok);

/* A size in bytes: false if it is there and is no whole number from 0 to 2^53; *out is 0 then, and if absent.
 */
bool silt_member_size(const struct silt_json *object, const char *key, uint64_t *out);

#endif
