/*
 * settings_load.h: from a command line, the environment and the file of --config to settings that are
 * checked.
 */
#ifndef SILT_CLI_SERVE_SETTINGS_LOAD_H
#define SILT_CLI_SERVE_SETTINGS_LOAD_H

#include "serve/settings_options.h"

#include <silt/registry.h>

/* Loads settings into zeroed options. Makes the state directory and, where none are configured, an API token
 * and a hook secret in it. What is wrong is told on standard error; the answer is false. Clear them either
 * way. */
bool silt_settings_load(struct silt_settings_options *options, char *const *words);

/* Frees what loading made; the settings too. */
void silt_settings_load_clear(struct silt_settings_options *options);

#endif
