/*
 * visit.h: sessions of the dashboard. Nothing is kept of them: the cookie says until when it holds and is
 * sealed with a key made from the API token that the visitor logged in with, so that a session ends with its
 * time or when that token is no longer configured.
 */
#ifndef SILT_CLI_SERVE_VISIT_H
#define SILT_CLI_SERVE_VISIT_H

#include "context.h"
#include "request.h"
#include "response.h"

/* Whether the request carries the cookie of a session that still holds. */
bool silt_visit_is_open(const struct silt_context *context, const struct silt_request *request);

/* Whether the request's form was made for its session: the field `form` has the session's form token. */
bool silt_visit_owns_form(const struct silt_context *context, const struct silt_request *request);

enum { SILT_VISIT_FORM_SIZE = 65 };

/* The form token of the request's open session, as hexadecimal; "" if there is none. */
const char *silt_visit_print_form(const struct silt_context *context, const struct silt_request *request,
                                  char out[SILT_VISIT_FORM_SIZE]);

/* Begins a session with an API token; false, and no cookie, if it is none. */
bool silt_visit_begin(const struct silt_context *context, const struct silt_request *request,
                      const char *token, struct silt_response *response);

/* Takes the cookie away. */
void silt_visit_end(const struct silt_request *request, struct silt_response *response);

#endif
