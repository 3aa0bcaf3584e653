/*
 * server.h: an HTTP server that reads requests whole, within bounds, and has one function answer them.
 */
#ifndef SILT_CLI_SERVE_HTTP_SERVER_H
#define SILT_CLI_SERVE_HTTP_SERVER_H

#include "serve/request.h"
#include "serve/response.h"
#include "serve/settings.h"

#include <silt/status.h>

struct silt_server;

/* Answers a request; called from many threads at once. */
typedef void silt_server_answer(void *context, const struct silt_request *request,
                                struct silt_response *response);

/* Listens as the settings say (listen, tls_cert, tls_key, trusted_proxies, max_body, max_connections), which
 * must outlive it. USAGE with what is wrong. */
SILT_MUST_USE enum silt_status silt_server_start(const struct silt_settings *settings,
                                                 silt_server_answer *answer, void *context,
                                                 struct silt_server **out, struct silt_error *error);

/* The address it listens at, "127.0.0.1:8080". */
const char *silt_server_address(const struct silt_server *server);

/* Takes no new connection, finishes the requests that are being answered, and frees it. NULL is allowed. */
void silt_server_stop(struct silt_server *server);

#endif
