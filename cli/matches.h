/*
 * matches.h: the files that fit a pattern.
 */
#ifndef SILT_CLI_MATCHES_H
#define SILT_CLI_MATCHES_H

#include "words.h"

/* Appends `prefix` + path for each file and folder that fits a pattern (wildcard.h; here one without a slash
 * means files of the working directory), in the order of names. What a folder holds that fits is not named
 * again. Unlike in a shell, names that begin with a dot fit too. False with a message on standard error: a
 * folder cannot be read, or memory is out. */
bool silt_matches_put(const char *prefix, const char *pattern, struct silt_words *targets);

#endif
