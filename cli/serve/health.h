/*
 * health.h: what orchestrators ask.
 */
#ifndef SILT_CLI_SERVE_HEALTH_H
#define SILT_CLI_SERVE_HEALTH_H

#include "serve/route.h"

/* GET /healthz: 200 while the process answers. */
silt_route_answer silt_health_alive;

/* GET /readyz: 200 while notifications are taken, 503 otherwise. */
silt_route_answer silt_health_ready;

#endif
