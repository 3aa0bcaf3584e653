/*
 * settings_file.h: the JSON file of --config. Its keys are the options' long names, and four lists:
 *
 *     "registries":    [{"host", "aliases", "username", "password", "ca", "plain-http", "insecure",
 *                        "concurrency", "sweep"}]
 *     "hooks":         [{"dialect", "secret", "registry"}]
 *     "tokens":        [secret]
 *     "announcements": [{"kind", "url", "secret", "ca", "min-severity"}]
 *
 * A secret (password, secret, tokens) is a string, {"file": PATH} or {"env": NAME}.
 */
#ifndef SILT_CLI_SERVE_SETTINGS_FILE_H
#define SILT_CLI_SERVE_SETTINGS_FILE_H

#include "serve/settings_options.h"

#include <jansson.h>

/* Zero-initialise. */
struct silt_settings_file {
    const char *path;
    json_t *root;
    struct silt_option_preset *presets; /* ends with one without a name */
    size_t preset_count;
};

/* Reads the file and makes presets of its options; their texts go to `kept`. What is wrong is told on
 * standard error with file and key; the answer is false. */
bool silt_settings_file_open(struct silt_settings_file *file, const char *path, struct silt_words *kept);

/* Reads the lists into settings. `defaults` are for what a registry does not say. */
bool silt_settings_file_read(const struct silt_settings_file *file,
                             const struct silt_settings_options *defaults, struct silt_settings *settings);

/* Frees it; settings do not need it. */
void silt_settings_file_clear(struct silt_settings_file *file);

#endif
