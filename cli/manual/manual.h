/*
 * manual.h: what manual pages and completions are made of: every command, walked over.
 */
#ifndef SILT_CLI_MANUAL_H
#define SILT_CLI_MANUAL_H

#include "command.h"

/* Called for a command; `path` is its full name, "silt signatures list". Writes to standard output. */
typedef void silt_manual_visit(const struct silt_command *command, const char *path);

/* Visits the root and all commands below it, the upper ones first. */
void silt_manual_walk(silt_manual_visit *visit);

/* Whether a command has a page of its own: there is something to say (options, or commands below it), and it
 * is not told of in the page of the command above ("silt signatures list"). */
bool silt_manual_has_page(const struct silt_command *command, const char *path);

/* Prints the line of a shell's `case` that goes from the words typed so far to the command that they name. */
void silt_manual_print_way(const struct silt_command *command, const char *path);

/* Prints text for within single quotes, in shells; characters of `special` get a backslash. */
void silt_manual_print_quoted(const char *text, const char *special);

/* Whether files are completed for an option's value. */
bool silt_manual_takes_file(const struct silt_option *row);

/* One writer a file: a manual page, and a completion a shell. All print to standard output. */
void silt_roff_print(const struct silt_command *command, const char *path);
void silt_bash_print(void);
void silt_zsh_print(void);
void silt_fish_print(void);

#endif
