/*
 * manual.c: walks over the commands, and what the shells' completions share.
 */
#include "manual.h"

#include <string.h>

/* Calls `visit` for a command and all below it; paths are "silt scan". */
static void visit_commands(const struct silt_command *command, const char *path, silt_manual_visit *visit)
{
    visit(command, path);
    for (size_t i = 0; command->commands != NULL && command->commands[i] != NULL; i++) {
        char below[96];
        snprintf(below, sizeof below, "%s %s", path, command->commands[i]->name);
        visit_commands(command->commands[i], below, visit);
    }
}

void silt_manual_walk(silt_manual_visit *visit)
{
    visit_commands(&silt_command_root, silt_command_root.name, visit);
}

bool silt_manual_has_page(const struct silt_command *command, const char *path)
{
    bool is_part = strchr(path, ' ') != strrchr(path, ' ');
    return !is_part && (command->options != NULL || command->commands != NULL);
}

bool silt_manual_takes_file(const struct silt_option *row)
{
    return row->is_file || row->is_target;
}

/* zsh has a variable `path` of its own, so both shells call it way. */
void silt_manual_print_way(const struct silt_command *command, const char *path)
{
    if (command != &silt_command_root)
        printf("        \"%s\") way=\"%s\" ;;\n", path, path);
}

/* Text within single quotes: the quote itself ends them, stands for itself, and begins them again. */
void silt_manual_print_quoted(const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            printf(strchr(special, *text) != NULL ? "\\%c" : "%c", *text);
    }
}
