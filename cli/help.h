/*
 * help.h: help of a command, from its rows, in 80 columns.
 */
#ifndef SILT_CLI_HELP_H
#define SILT_CLI_HELP_H

#include "command.h"

/* Prints it; `path` is the command's full name. Answers the exit code: 0, or 2 if it could not be written. */
int silt_help_print(const struct silt_command *command, const char *path, FILE *out);

#endif
