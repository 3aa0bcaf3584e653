/*
 * service.h: the parts of the service, put together, run and ended in order.
 */
#ifndef SILT_CLI_SERVE_SERVICE_H
#define SILT_CLI_SERVE_SERVICE_H

#include "serve/settings.h"

/* Runs until SIGTERM or SIGINT; a second signal ends the process at once. False, with a message on standard
 * error, if it cannot start. */
bool silt_service_run(const struct silt_settings *settings);

#endif
