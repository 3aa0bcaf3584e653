/*
 * sweep.h: a look at all that a registry holds, now and then. Notifications get lost: docker-registry keeps
 * them in memory, GitHub does not repeat them, and this service may have been away.
 */
#ifndef SILT_CLI_SERVE_SWEEP_H
#define SILT_CLI_SERVE_SWEEP_H

#include "serve/context.h"
#include "serve/reach.h"

struct silt_sweep;

/* Starts a thread that sweeps each registry at once and then as often as the settings say. */
SILT_MUST_USE enum silt_status silt_sweep_start(const struct silt_context *context,
                                                const struct silt_reach *reach, struct silt_sweep **out,
                                                struct silt_error *error);

/* Ends it, in the middle of a sweep if need be; NULL is allowed. */
void silt_sweep_stop(struct silt_sweep *sweep);

#endif
