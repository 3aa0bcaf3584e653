/*
 * helper.h: docker-credential-* programs, which keep logins elsewhere than in a file.
 */
#ifndef SILT_CLI_HELPER_H
#define SILT_CLI_HELPER_H

#include <silt/registry.h>

/* Runs `docker-credential-NAME get` and tells it the server. OK with kind NONE if the helper has nothing; IO
 * if it cannot be run, takes longer than half a minute or answers nonsense. */
enum silt_status silt_helper_ask(const char *name, const char *server, struct silt_login *out,
                                 struct silt_error *error);

#endif
