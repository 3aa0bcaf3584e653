/*
 * pull.h: manifests and indexes out of a registry, checked.
 */
#ifndef SILT_REGISTRY_PULL_H
#define SILT_REGISTRY_PULL_H

#include "base/digest.h"
#include "base/json.h"
#include "registry/session.h"

enum { SILT_PULL_TYPE_SIZE = 128 };

struct silt_pull_want {
    const char *repository;
    const char *reference;  /* a tag, or a digest that the bytes are then checked against */
    const char *media_type; /* what an index says it is; "" if nothing does */
};

/* A manifest or an index. Zero-initialise; clear it. */
struct silt_pulled {
    struct silt_buffer text;
    struct silt_json *root;
    char digest[SILT_DIGEST_TEXT_SIZE]; /* of the text */
    char media_type[SILT_PULL_TYPE_SIZE];
    bool is_index;
};

/* Gets one. DIGEST if its bytes are not those asked for, or not those that the registry says it sends;
 * CORRUPT if content, media type in the content, Content-Type and the type promised contradict each other. */
SILT_MUST_USE enum silt_status silt_pull_manifest(struct silt_session *session,
                                                  const struct silt_pull_want *want, struct silt_pulled *out,
                                                  struct silt_error *error);

/* Gets the list of what refers to a digest: by the referrers API, or where the registry has none, from the
 * tag that stands in for it (OCI distribution spec 1.1, "Listing Referrers"). One page, from `path`, which is
 * then replaced by that of the next page ("" if there is none); begin with an empty path. END if nothing
 * refers. */
SILT_MUST_USE enum silt_status silt_pull_referrers(struct silt_session *session,
                                                   const struct silt_pull_want *want,
                                                   struct silt_buffer *path, struct silt_pulled *out,
                                                   struct silt_error *error);

/* A member of a manifest by its name as Go's clients find it, upper and lower case alike; NULL if there is
 * none. */
const struct silt_json *silt_pull_member(const struct silt_json *object, const char *name);

/* Frees what was pulled. */
void silt_pull_clear(struct silt_pulled *pulled);

#endif
