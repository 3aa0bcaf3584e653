/*
 * hook.h: what a dialect of push notifications is. Each is one file in hooks/ that exports one const struct
 * silt_hook and one line in hooks.def; tests/cli/serve/hook_test.c runs over all of them.
 *
 * A dialect is a pure function from a request to pushes: it contacts nobody, follows no address of the
 * payload, and keeps nothing. The order of a caller: find, prove (over the raw body, before anything is
 * parsed), read.
 */
#ifndef SILT_CLI_SERVE_HOOK_H
#define SILT_CLI_SERVE_HOOK_H

#include "request.h"
#include "stash.h"

#include <jansson.h>
#include <silt/status.h>
#include <stdint.h>

/* One image that was pushed, as the sender tells it. Strings are never NULL; what is not "" has the right
 * shape (OCI distribution 1.1: a name, a tag, a digest), whatever else the payload says. */
struct silt_push {
    const char *host; /* of the registry, as the sender calls it; "" where the payload does not say */
    const char *repository;
    const char *digest, *tag; /* "" where not told; one of them is */
    const char *delivery;     /* "DIALECT:ID" if the sender numbers its deliveries, the same at each try */
    const char *actor;        /* who pushed, "" if not told */
    int64_t pushed_ms;        /* since 1970; 0 if not told */
};

enum { SILT_HOOK_MOST_PUSHES = 1000 };

/* Zero-initialise; clear. */
struct silt_pushes {
    struct silt_push *items;
    size_t count, capacity;
    const char *reply; /* JSON that the sender wants to read in a 200 answer; NULL: nothing */
    struct silt_stash stash;
    const struct silt_hook *hook;
};

struct silt_hook {
    const char *name; /* in the path: /hooks/NAME */
    const char *title;
    /* How a sender proves that it knows the secret, besides what all may do (silt_hook_is_proven). */
    const char *signature; /* header with the body's HMAC-SHA-256, in hexadecimal behind an optional
                              "sha256="; NULL: none */
    const char *token;     /* header with the secret itself; NULL: none */
    /* Reads a parsed body. OK with no push for events that need nothing; CORRUPT if it is not of this
     * dialect; MEMORY. */
    enum silt_status (*read)(const struct silt_request *request, const json_t *body,
                             struct silt_pushes *pushes, struct silt_error *error);
};

/* The dialect with a name, or NULL; by its place in hooks.def; how many there are. */
const struct silt_hook *silt_hook_find(const char *name);
const struct silt_hook *silt_hook_at(size_t index);
size_t silt_hook_count(void);

/* Whether the sender knows the secret: a signature over the body, or the secret itself as bearer token, as
 * password of Basic, as the whole Authorization header (Harbor), in the dialect's own header, in
 * X-Silt-Secret, or as parameter `secret` of the path. Where a signature is sent, it alone decides. The time
 * says nothing about the secret. */
bool silt_hook_is_proven(const struct silt_hook *hook, const struct silt_request *request,
                         const char *secret);

/* Reads a proven request. CORRUPT: the body is no JSON, or not of this dialect (HTTP 400). UNSUPPORTED: it
 * says that it is no JSON (415). LIMIT: too deep, or too many values or pushes (413). MEMORY. */
SILT_MUST_USE enum silt_status silt_hook_read(const struct silt_hook *hook,
                                              const struct silt_request *request, struct silt_pushes *pushes,
                                              struct silt_error *error);

/* Frees what pushes hold. */
void silt_hook_clear(struct silt_pushes *pushes);

#endif
