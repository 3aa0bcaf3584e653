/*
 * session.h: a registry that is being asked: logins, redirections, and trying again.
 *
 * What holds here: a login goes to the registry's own site and, for a token, to a server that the registry
 * named over TLS (or that the user named with --plain-http); nowhere else, wherever a redirection leads. What
 * began with TLS stays with TLS.
 */
#ifndef SILT_REGISTRY_SESSION_H
#define SILT_REGISTRY_SESSION_H

#include "registry/exchange.h"

/* Thread-safe. */
struct silt_session;

struct silt_session_want {
    const char *repository; /* whose access is needed; "" for the catalog */
    const char *path;       /* "/v2/…", with its query */
    const char *accept;
    uint64_t range_from;
    const char *method; /* "POST" or "PUT", with the body below and no redirection followed; NULL: GET */
    struct silt_span body;
    const char *content_type;
};

/* Begins with a registry, named as users know it. Borrows options and what patience points to. Nothing is
 * asked yet. */
SILT_MUST_USE enum silt_status silt_session_new(const struct silt_registry_options *options,
                                                const struct silt_patience *patience, const char *host,
                                                struct silt_session **out, struct silt_error *error);
void silt_session_free(struct silt_session *session);

/* The registry's name, as users know it. */
const char *silt_session_host(const struct silt_session *session);

/* The client below, for waiting and cancelling. */
struct silt_client *silt_session_client(const struct silt_session *session);

/* Asks for something until there is an answer that is good (a code of 200 to 299). NOT_FOUND for 404; other
 * failures say what to do. */
SILT_MUST_USE enum silt_status silt_session_get(struct silt_session *session,
                                                const struct silt_session_want *want,
                                                struct silt_exchange **out, struct silt_error *error);

/* The path on the registry that an answer to `path` names in its Location header; NUL-terminated. CORRUPT if
 * there is none, or if it leads to another site. */
SILT_MUST_USE enum silt_status silt_session_location(const struct silt_session *session, const char *path,
                                                     const struct silt_exchange *exchange,
                                                     struct silt_buffer *out, struct silt_error *error);

/* The path of the next page, from the Link header of an answer to `path`; NUL-terminated, empty if this was
 * the last page. CORRUPT if it leads to another site. */
SILT_MUST_USE enum silt_status silt_session_next_page(const struct silt_session *session, const char *path,
                                                      const struct silt_exchange *exchange,
                                                      struct silt_buffer *out, struct silt_error *error);

#endif
