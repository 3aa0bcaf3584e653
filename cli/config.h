/*
 * config.h: options of `silt scan` from a file: `.silt.json` in the working directory or the nearest one
 * above it, or the file that --config names. Its keys are the options' long names.
 */
#ifndef SILT_CLI_CONFIG_H
#define SILT_CLI_CONFIG_H

#include "options.h"

#include <limits.h>

/* Zero-initialise. */
struct silt_config {
    struct silt_option_preset *presets; /* ends with one without a name; NULL: no file */
    struct silt_words texts;            /* the strings of the presets */
    char path[PATH_MAX];
};

/* Looks for `.silt.json`, upward from the working directory; config->path names it. False if there is none,
 * or it is a stranger's: neither this user's nor root's, which is told. */
bool silt_config_find(struct silt_config *config);

/* Reads config->path. Files that it names are meant beside it; targets too, if they are there. What is wrong
 * is told on standard error with file and key; the answer is false. */
bool silt_config_load(struct silt_config *config, const struct silt_option *rows);

/* Frees what was read. */
void silt_config_clear(struct silt_config *config);

#endif
