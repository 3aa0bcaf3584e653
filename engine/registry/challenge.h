/*
 * challenge.h: how a registry says that it wants a login: the WWW-Authenticate header.
 */
#ifndef SILT_REGISTRY_CHALLENGE_H
#define SILT_REGISTRY_CHALLENGE_H

#include "base/span.h"

enum { SILT_CHALLENGE_VALUE_SIZE = 1024 };

enum silt_challenge_scheme { SILT_CHALLENGE_NONE, SILT_CHALLENGE_BASIC, SILT_CHALLENGE_BEARER };

/* A challenge that silt can answer. Values that were not given, or do not fit, are "". */
struct silt_challenge {
    enum silt_challenge_scheme scheme;
    char realm[SILT_CHALLENGE_VALUE_SIZE]; /* for Bearer: where tokens come from */
    char service[SILT_CHALLENGE_VALUE_SIZE];
    char scope[SILT_CHALLENGE_VALUE_SIZE];
    char error[64]; /* such as "insufficient_scope" */
};

/* Reads one header's value, which may hold several challenges (RFC 9110, 11.6.1), and keeps the best that was
 * met: Bearer before Basic, the first of its kind. `best` is zeroed before the first header. */
void silt_challenge_read(struct silt_span value, struct silt_challenge *best);

#endif
