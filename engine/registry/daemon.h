/*
 * daemon.h: an image out of the Docker daemon, or of whatever speaks its API, such as podman.
 */
#ifndef SILT_REGISTRY_DAEMON_H
#define SILT_REGISTRY_DAEMON_H

#include "registry/client.h"
#include "stream/stream.h"

/* Asks the daemon of the client's options for an image, by name or id, and answers what it sends: an archive
 * as docker save writes it, in one pass. NOT_FOUND if it has no such image; IO, with the address, if there is
 * no daemon. Borrows the client. */
SILT_MUST_USE enum silt_status silt_daemon_open(struct silt_client *client, const char *image,
                                                struct silt_stream **out, struct silt_error *error);

#endif
