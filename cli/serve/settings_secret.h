/*
 * settings_secret.h: secrets of the configuration: out of files and variables, or made at the first start.
 */
#ifndef SILT_CLI_SERVE_SETTINGS_SECRET_H
#define SILT_CLI_SERVE_SETTINGS_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Least number of characters of a secret that others must not guess. */
enum { SILT_SETTINGS_SECRET_LEAST = 16 };

/* A file's text without the line's end; NULL, with the reason in `why`, if it cannot be had or is empty. Free
 * it with silt_settings_secret_free. */
char *silt_settings_secret_read(const char *path, char *why, size_t size);

/* The same from an environment variable. */
char *silt_settings_secret_variable(const char *name, char *why, size_t size);

/* The secret in a file that only its owner may read; made, with 256 random bits, if it is not there. */
char *silt_settings_secret_make(const char *path, char *why, size_t size);

/* Wipes and frees; NULL is allowed. */
void silt_settings_secret_free(char *secret);

#endif
