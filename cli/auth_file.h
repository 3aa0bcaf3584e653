/*
 * auth_file.h: logins as docker's config.json and podman's auth.json keep them.
 */
#ifndef SILT_CLI_AUTH_FILE_H
#define SILT_CLI_AUTH_FILE_H

#include <silt/registry.h>

/* Looks into one file for a registry and repository: a helper for that registry (credHelpers), then an entry
 * of its own (auths; the longest namespace wins), then the helper for all (credsStore). OK with kind NONE if
 * there is nothing, also no such file; CORRUPT for a file that is no JSON; IO for a helper that fails. */
enum silt_status silt_auth_file_find(const char *path, const char *host, const char *repository,
                                     struct silt_login *out, struct silt_error *error);

#endif
