/*
 * fleet.h: what several machines share when --nats is given: results come in from workers elsewhere.
 */
#ifndef SILT_CLI_SERVE_FLEET_H
#define SILT_CLI_SERVE_FLEET_H

#include "serve/context.h"

#include <silt/status.h>

struct silt_fleet;

/* Starts a thread that keeps in the store what workers send. */
SILT_MUST_USE enum silt_status silt_fleet_start(const struct silt_context *context, struct silt_fleet **out,
                                                struct silt_error *error);

/* Ends it; NULL is allowed. What was not kept yet stays with NATS. */
void silt_fleet_stop(struct silt_fleet *fleet);

#endif
