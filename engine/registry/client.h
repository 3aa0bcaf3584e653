/*
 * client.h: what all requests of one source share: whom to trust, how long to wait, and open connections.
 */
#ifndef SILT_REGISTRY_CLIENT_H
#define SILT_REGISTRY_CLIENT_H

#include "registry/url.h"
#include "stream/file.h"

#include <silt/registry.h>

/* One transfer at a time, and the connections that it left open: line.h. */
struct silt_line;

/* Thread-safe. */
struct silt_client;

/* Borrows options and what patience points to; `goes_on` is asked from any thread. */
SILT_MUST_USE enum silt_status silt_client_new(const struct silt_registry_options *options,
                                               const struct silt_patience *patience, struct silt_client **out,
                                               struct silt_error *error);
void silt_client_free(struct silt_client *client);

/* What it was made with. */
const struct silt_registry_options *silt_client_options(const struct silt_client *client);

/* OK, or CANCELLED when nobody waits for the answer any more. */
SILT_MUST_USE enum silt_status silt_client_check(const struct silt_client *client, struct silt_error *error);

/* Whether an address may be asked at all: over TLS, or at a host that the user said to be plain HTTP. The
 * refusal names the remedy. */
SILT_MUST_USE enum silt_status silt_client_allow(const struct silt_client *client, const char *url,
                                                 struct silt_site *out, struct silt_error *error);

/* An idle line, or a new one; and back. A line that is put back has no transfer. */
SILT_MUST_USE enum silt_status silt_client_take(struct silt_client *client, struct silt_line **out,
                                                struct silt_error *error);
void silt_client_put(struct silt_client *client, struct silt_line *line);

#endif
