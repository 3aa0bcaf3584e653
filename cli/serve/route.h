/*
 * route.h: which handler answers a request, and who may ask. The table is routes.def, one row a route:
 *
 *     SILT_ROUTE(GET, "/api/v1/images/:digest", TOKEN, silt_api_image)
 *
 * `:name` stands for one segment of the path, `:name*` as last segment for all that follows (repositories
 * have slashes); handlers get them as parameters. Of two rows that fit, the first one in the table answers.
 * A path that is known only with another method is 405, an unknown one 404.
 */
#ifndef SILT_CLI_SERVE_ROUTE_H
#define SILT_CLI_SERVE_ROUTE_H

#include "context.h"
#include "request.h"
#include "response.h"

/* Who may ask. What is refused never reaches the handler. */
enum silt_access {
    SILT_ACCESS_PUBLIC,  /* anyone */
    SILT_ACCESS_TOKEN,   /* an API token: Authorization: Bearer T, or Basic with T as password, or
                            X-ScannerAdapter-API-Key: T. Else 401 */
    SILT_ACCESS_SESSION, /* a dashboard session (visit.h). Else 303 to /login; a POST must also carry the
                            session's form token, else 403 */
    SILT_ACCESS_HOOK,    /* the handler itself checks the hook's secret, over the raw body */
};

/* Answers one request. The context is shared, the response is empty with status 200. */
typedef void silt_route_answer(const struct silt_context *context, const struct silt_request *request,
                               struct silt_response *response);

struct silt_route {
    const char *method, *path;
    enum silt_access access;
    silt_route_answer *answer;
};

/* Finds the route, asks the gate, and has it answered. */
void silt_route_serve(const struct silt_context *context, const struct silt_request *request,
                      struct silt_response *response);

#endif
