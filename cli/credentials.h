/*
 * credentials.h: what to log in with at registries: what the user typed, or what docker and podman have kept.
 */
#ifndef SILT_CLI_CREDENTIALS_H
#define SILT_CLI_CREDENTIALS_H

#include "words.h"

#include <silt/registry.h>

/* Zero-initialise; set up, use, clear. */
struct silt_credentials {
    const char *username; /* of --username; NULL: look into files */
    char password[SILT_LOGIN_SECRET_SIZE];
    char host[300];          /* the registry that they are for */
    struct silt_words files; /* in the order in which they are looked into */
};

/* Reads the password from standard input, without the line's end; false, with a message, if there is none. */
bool silt_credentials_read_password(struct silt_credentials *credentials);

/* Lists the files that may hold logins, by the environment: $REGISTRY_AUTH_FILE alone if that is set; else
 * $DOCKER_CONFIG/config.json, podman's auth.json and ~/.docker/config.json. False when memory is out. */
bool silt_credentials_list_files(struct silt_credentials *credentials);

/* A silt_registry_find_login; the context is the credentials. */
enum silt_status silt_credentials_find(void *context, const char *host, const char *repository,
                                       struct silt_login *out, struct silt_error *error);

/* Wipes and frees. */
void silt_credentials_clear(struct silt_credentials *credentials);

#endif
