/*
 * push.h: blobs and manifests into a registry (OCI distribution specification 1.1, "Push").
 */
#ifndef SILT_REGISTRY_PUSH_H
#define SILT_REGISTRY_PUSH_H

#include "base/digest.h"
#include "registry/session.h"

/* Puts a blob; *digest is its name then. */
SILT_MUST_USE enum silt_status silt_push_blob(struct silt_session *session, const char *repository,
                                              struct silt_span bytes, char digest[SILT_DIGEST_TEXT_SIZE],
                                              struct silt_error *error);

/* Puts a manifest or an index under a tag or its digest. *is_listed says whether the registry notes what it
 * refers to (its answer has OCI-Subject); NULL: nobody asks. */
SILT_MUST_USE enum silt_status silt_push_manifest(struct silt_session *session,
                                                  const struct silt_session_want *want, bool *is_listed,
                                                  struct silt_error *error);

#endif
