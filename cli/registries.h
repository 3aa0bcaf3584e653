/*
 * registries.h: from options and environment to how a scan reaches registries and the Docker daemon.
 */
#ifndef SILT_CLI_REGISTRIES_H
#define SILT_CLI_REGISTRIES_H

#include "credentials.h"
#include "scan_options.h"

/* Zero-initialise; set up, use, clear. Options borrow from settings and the environment. */
struct silt_registries {
    struct silt_registry_options options;
    struct silt_credentials credentials;
    char daemon[200];
    char daemon_files[3][4096]; /* ca, cert, key */
};

/* Fills it; false, with a message, on wrong usage. `targets` are looked at for the registry that --username
 * is for. Reads the password from standard input if that is where it is. */
bool silt_registries_set_up(struct silt_registries *registries, const struct silt_scan_settings *settings,
                            const struct silt_words *targets);

/* Wipes and frees. */
void silt_registries_clear(struct silt_registries *registries);

#endif
