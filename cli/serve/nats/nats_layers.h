/*
 * nats_layers.h: the layer cache of a fleet: results of layers in a bucket that all workers share.
 */
#ifndef SILT_CLI_SERVE_NATS_NATS_LAYERS_H
#define SILT_CLI_SERVE_NATS_NATS_LAYERS_H

#include <silt/cache.h>

/* A cache (silt/cache.h) in the bucket SILT_LAYERS, at most `max_bytes` large: what is oldest goes. A result
 * that is larger than a message is kept in parts. */
SILT_MUST_USE enum silt_status silt_nats_layers_open(const char *url, uint64_t max_bytes,
                                                     struct silt_cache **out, struct silt_error *error);

#endif
