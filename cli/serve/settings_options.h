/*
 * settings_options.h: the options of `silt serve`, and what they fill.
 */
#ifndef SILT_CLI_SERVE_SETTINGS_OPTIONS_H
#define SILT_CLI_SERVE_SETTINGS_OPTIONS_H

#include "options.h"
#include "serve/settings.h"

/* Settings, and what of the command line becomes part of them once it is checked. Strings are borrowed. */
struct silt_settings_options {
    struct silt_settings settings;
    const char *config;
    bool check;
    struct silt_words registries; /* HOST[=ALIAS,…] */
    struct silt_words plain_http, insecure;
    const char *ca;
    unsigned concurrency;
    uint64_t sweep_ms;
    const char *token_file, *hook_secret_file;
};

extern const struct silt_option silt_settings_options_rows[];

#endif
