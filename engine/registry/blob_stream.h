/*
 * blob_stream.h: a blob of a registry as a stream, straight from the network.
 */
#ifndef SILT_REGISTRY_BLOB_STREAM_H
#define SILT_REGISTRY_BLOB_STREAM_H

#include "registry/session.h"
#include "stream/stream.h"

struct silt_blob_stream_want {
    const char *repository, *digest; /* copied */
    int64_t size;                    /* as its descriptor says; -1 if it does not */
};

/* Asks for a blob and answers its bytes as they come, exactly as many as its size says. When the connection
 * breaks, or stalls, it is asked for the rest (Range). CORRUPT if the registry offers another length. The
 * digest is for the reader to check. Borrows the session. */
SILT_MUST_USE enum silt_status silt_blob_stream_open(struct silt_session *session,
                                                     const struct silt_blob_stream_want *want,
                                                     struct silt_stream **out, struct silt_error *error);

#endif
