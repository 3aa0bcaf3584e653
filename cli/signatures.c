/*
 * signatures.c: the command `silt signatures`, whose own commands look at, test and check signatures.
 */
#include "command.h"

extern const struct silt_command silt_list_command, silt_show_command, silt_test_command, silt_lint_command;

static const struct silt_command *const commands[] = {&silt_list_command, &silt_show_command,
                                                      &silt_test_command, &silt_lint_command, NULL};

const struct silt_command silt_signatures_command = {
    .name = "signatures",
    .usage = "list|show|test|lint [OPTIONS] [ID|FILE]...",
    .summary = "list, show, test and check signatures",
    .text = "A signature describes one kind of secret: how it looks, how it is told from what only looks "
            "like it, how "
            "bad it is and what to do about it.",
    .commands = commands,
};
