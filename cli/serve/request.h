/*
 * request.h: an HTTP request as handlers see it: read whole, bounded, and with nothing of the HTTP library.
 *
 * Everything in it comes from outside and may hold anything. It is plain data, so that a test can write one
 * down without a server. All of it is borrowed and valid until the handler returns.
 */
#ifndef SILT_CLI_SERVE_REQUEST_H
#define SILT_CLI_SERVE_REQUEST_H

#include <silt/finding.h>
#include <stdbool.h>
#include <stddef.h>

struct silt_request_field {
    const char *name, *value; /* NUL-terminated, never NULL */
};

struct silt_request_fields {
    const struct silt_request_field *items; /* in the order they came; names may repeat */
    size_t count;
};

struct silt_request {
    const char *method; /* "GET"; HEAD is answered like GET */
    const char *path;   /* "/api/v1/images": percent-decoded, without the query */
    struct silt_request_fields headers;
    struct silt_request_fields query;      /* percent-decoded */
    struct silt_request_fields cookies;    /* as the Cookie header has them */
    struct silt_request_fields form;       /* of a body that is application/x-www-form-urlencoded */
    struct silt_request_fields parameters; /* what stands for :name in the route's path */
    struct silt_span body;                 /* raw; {NULL, 0} if there is none */
    const char *peer; /* address of the caller, or what a trusted proxy says it is: "10.0.0.7" */
    bool is_secure;   /* came over TLS, here or at a trusted proxy: cookies may be Secure */
};

/* The first header (names compared without case), or NULL. */
const char *silt_request_header(const struct silt_request *request, const char *name);

/* The first value of that name (case counts) in query, cookies, form or the path's parameters, or NULL. */
const char *silt_request_query(const struct silt_request *request, const char *name);
const char *silt_request_cookie(const struct silt_request *request, const char *name);
const char *silt_request_form(const struct silt_request *request, const char *name);
const char *silt_request_parameter(const struct silt_request *request, const char *name);

/* A number from 0 to `most` in the query; `fallback` if it is absent. False, leaving *out alone, for text
 * that is no such number. */
bool silt_request_query_number(const struct silt_request *request, const char *name, unsigned most,
                               unsigned fallback, unsigned *out);

/* Whether the media type of the body is this one ("application/json"); its parameters do not count. */
bool silt_request_is_type(const struct silt_request *request, const char *type);

/* The token of `Authorization: Bearer …`, or NULL. */
const char *silt_request_bearer(const struct silt_request *request);

#endif
