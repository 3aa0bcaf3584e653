/*
 * gate.h: who may ask. What is refused never reaches a handler.
 */
#ifndef SILT_CLI_SERVE_GATE_H
#define SILT_CLI_SERVE_GATE_H

#include "route.h"

/* Whether a request may go on to a route of this access; if not, the response says why. */
bool silt_gate_admits(const struct silt_context *context, const struct silt_request *request,
                      enum silt_access access, struct silt_response *response);

/* Whether a text (NULL: none) is one of the API tokens. */
bool silt_gate_is_token(const struct silt_settings *settings, const char *text);

#endif
