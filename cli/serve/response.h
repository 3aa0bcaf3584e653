/*
 * response.h: the answer to an HTTP request, written by a handler into memory.
 *
 * The server adds security headers (nosniff, no-referrer, no-store, and a Content-Security-Policy that allows
 * nothing) where the handler sets none of that name. A response that ran out of memory is sent as a bare 500.
 */
#ifndef SILT_CLI_SERVE_RESPONSE_H
#define SILT_CLI_SERVE_RESPONSE_H

#include <jansson.h>
#include <silt/finding.h>
#include <stdbool.h>
#include <stddef.h>

enum { SILT_RESPONSE_MOST_HEADERS = 16 };

struct silt_response_header {
    char *name, *value;
};

/* Zero-initialise with status 200; the server does so for handlers. */
struct silt_response {
    unsigned status;
    const char *type; /* Content-Type; static text. NULL: no body */
    struct silt_response_header headers[SILT_RESPONSE_MOST_HEADERS];
    size_t header_count;
    char *body; /* NUL-terminated behind its end once something was written */
    size_t size, capacity;
    bool has_failed; /* memory ran out */
};

/* Appends to the body: bytes, text, formatted text, one character. */
void silt_response_put(struct silt_response *response, const void *bytes, size_t size);
void silt_response_text(struct silt_response *response, const char *text);
void silt_response_print(struct silt_response *response, const char *format, ...) SILT_PRINTF(2, 3);

/* Sets a header in place of an earlier one of that name. CR, LF and NUL in a value end it there. */
void silt_response_set(struct silt_response *response, const char *name, const char *value);

/* Makes the body one JSON value, and takes the value. NULL (memory ran out making it) fails the response. */
void silt_response_json(struct silt_response *response, unsigned status, json_t *value);

/* A plain answer of one line, in place of whatever was written: silt_response_plain(r, 401, "…"). */
void silt_response_plain(struct silt_response *response, unsigned status, const char *format, ...)
    SILT_PRINTF(3, 4);

/* 303 to a path of this server. */
void silt_response_redirect(struct silt_response *response, const char *path);

/* Wipes and frees what it holds and leaves it empty. */
void silt_response_clear(struct silt_response *response);

#endif
