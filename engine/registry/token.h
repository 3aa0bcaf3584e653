/*
 * token.h: a bearer token from the server that a challenge names.
 */
#ifndef SILT_REGISTRY_TOKEN_H
#define SILT_REGISTRY_TOKEN_H

#include "registry/challenge.h"
#include "registry/exchange.h"

/* What to ask for. */
struct silt_token_want {
    const struct silt_challenge *challenge;
    const char *scope;
    const struct silt_login *login;
    const char *ca;
};

/* Asks the challenge's realm for a token for `scope`, as `login` (kind PASSWORD or REFRESH) or, with kind
 * NONE, as nobody (distribution's token and OAuth2 specifications). Redirections are not followed. Appends
 * the token, NUL-terminated. CORRUPT if the answer is no token; *may_retry as silt_exchange_open, with
 * *after_ms. */
SILT_MUST_USE enum silt_status silt_token_fetch(struct silt_client *client,
                                                const struct silt_token_want *want, struct silt_buffer *out,
                                                bool *may_retry, struct silt_error *error);

/* Reads a token server's answer: member "token" or "access_token". */
SILT_MUST_USE enum silt_status silt_token_parse(struct silt_span answer, struct silt_buffer *out,
                                                struct silt_error *error);

/* Appends "Basic …" for a user name and a password (RFC 7617), NUL-terminated. */
SILT_MUST_USE enum silt_status silt_token_basic(const struct silt_login *login, struct silt_buffer *out,
                                                struct silt_error *error);

#endif
