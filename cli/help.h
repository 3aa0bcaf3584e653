/*
 * help.h: help of a command, from its rows, in 80 columns.
 */
#ifndef SILT_CLI_HELP_H
#define SILT_CLI_HELP_H

#include "command.h"

/* Prints it; `path` is the command's full name. Answers the exit code: 0, or 2 if it could not be written. */
int silt_help_print(const struct silt_command *command, const char *path, FILE *out);

/* Prints what an option does, what it takes and what it is without the option: the words of help, manual
 * pages and completions. */
void silt_help_describe(const struct silt_option *row, FILE *out);

#endif
