/*
 * fields.h: lists of names and values that a request brings, owned by the server while it is answered.
 */
#ifndef SILT_CLI_SERVE_HTTP_FIELDS_H
#define SILT_CLI_SERVE_HTTP_FIELDS_H

#include "serve/request.h"

enum { SILT_FIELDS_MOST = 256 };

/* Zero-initialise; clear. */
struct silt_fields {
    struct silt_request_field *items;
    size_t count;
    char *text; /* of a form: what the items borrow from */
    bool has_failed;
};

/* Adds a name and its value (NULL: ""), both borrowed. Beyond SILT_FIELDS_MOST, or without memory, it fails.
 */
void silt_fields_put(struct silt_fields *fields, const char *name, const char *value);

/* Reads a body of application/x-www-form-urlencoded. */
void silt_fields_put_form(struct silt_fields *fields, struct silt_span body);

/* The list, for a request. */
struct silt_request_fields silt_fields_list(const struct silt_fields *fields);

/* Wipes and frees. */
void silt_fields_clear(struct silt_fields *fields);

#endif
