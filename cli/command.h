/*
 * command.h: what a command is. Each is one file that exports one const struct silt_command, and one line in
 * commands.def. A command may have commands of its own (silt signatures list).
 */
#ifndef SILT_CLI_COMMAND_H
#define SILT_CLI_COMMAND_H

#include "options.h"

struct silt_command {
    const char *name;
    const char *usage;                 /* what stands behind its name, such as "[OPTIONS] TARGET..." */
    const char *summary;               /* one line, lower case */
    const char *text;                  /* what help says before the options; paragraphs parted by "\n\n" */
    const char *const *examples;       /* command line, what it does, …, NULL; or NULL */
    const struct silt_option *options; /* NULL: none */
    const struct silt_command *const *commands; /* NULL-terminated; NULL: none */
    /* Does it; words are the command line behind the command, NULL-terminated. Answers the exit code. NULL
     * for a command that only has commands. */
    int (*run)(const struct silt_command *command, char *const *words);
};

/* Exit codes (DESIGN.md, Command line). */
enum silt_exit { SILT_EXIT_CLEAN = 0, SILT_EXIT_FINDINGS = 1, SILT_EXIT_USAGE = 2, SILT_EXIT_INCOMPLETE = 3 };

/* The command of all, whose commands are commands.def. */
extern const struct silt_command silt_command_root;

/* Finds the command that words name, starting at the root, and moves *words behind its name. `path` takes the
 * full name, "silt signatures list". */
const struct silt_command *silt_command_find(char *const **words, char *path, size_t path_size);

/* Runs a command line (without the program's name): finds the command, prints help where it is asked for,
 * runs it. Answers the exit code. */
int silt_command_run(char *const *words);

/* Flushes standard output. False if anything could not be written, which is told unless it is a closed pipe.
 */
bool silt_command_end_output(void);

#endif
