/*
 * version.c: the command `silt version`.
 */
#include "command.h"

#include <silt/version.h>

static int run(const struct silt_command *command, char *const *words)
{
    (void)command;
    if (*words != NULL) {
        fputs("silt: version takes no arguments\n", stderr);
        return SILT_EXIT_USAGE;
    }
    printf("silt %s\n", silt_version());
    return silt_command_end_output() ? SILT_EXIT_CLEAN : SILT_EXIT_USAGE;
}

const struct silt_command silt_version_command = {
    .name = "version",
    .usage = "",
    .summary = "print the version",
    .text = "Prints the version.",
    .run = run,
};
