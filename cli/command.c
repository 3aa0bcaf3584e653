/*
 * command.c: from a command line to the command that it names.
 */
#include "command.h"

#include "escape.h"
#include "help.h"

#include <errno.h>
#include <string.h>

#define SILT_COMMAND(name) extern const struct silt_command silt_##name##_command;
#include "commands.def"
#undef SILT_COMMAND

static const struct silt_command *const commands[] = {
#define SILT_COMMAND(name) &silt_##name##_command,
#include "commands.def"
#undef SILT_COMMAND
    NULL,
};

static const char *const examples[] = {
    "docker save myapp | silt scan -",
    "an image that Docker has",
    "silt scan image.tar",
    "an image, or any archive, in a file",
    "silt scan dist/app.jar",
    "an artifact, with the archives inside it",
    NULL,
};

const struct silt_command silt_command_root = {
    .name = "silt",
    .usage = "COMMAND [OPTIONS] [ARGUMENTS]",
    .text =
        "Finds credentials in container images and build artifacts: where each one is, which layer and which "
        "instruction brought it in, and whether a later layer only hides it.",
    .examples = examples,
    .commands = commands,
};

static const struct silt_command *find_child(const struct silt_command *command, const char *word)
{
    if (command->commands == NULL || word == NULL)
        return NULL;
    for (size_t i = 0; command->commands[i] != NULL; i++)
        if (strcmp(command->commands[i]->name, word) == 0)
            return command->commands[i];
    return NULL;
}

const struct silt_command *silt_command_find(char *const **words, char *path, size_t path_size)
{
    const struct silt_command *command = &silt_command_root, *child;
    snprintf(path, path_size, "%s", command->name);
    while ((child = find_child(command, **words)) != NULL) {
        size_t used = strlen(path);
        snprintf(path + used, path_size - used, " %s", child->name);
        command = child;
        ++*words;
    }
    return command;
}

/* A word that names no command, or no word where one must stand. */
static int refuse_word(const struct silt_command *command, const char *path, const char *word)
{
    if (word == NULL) {
        silt_help_print(command, path, stderr);
        return SILT_EXIT_USAGE;
    }
    const char *names[16];
    size_t count = 0;
    for (; command->commands[count] != NULL && count < 15; count++)
        names[count] = command->commands[count]->name;
    names[count] = NULL;
    const char *nearest = silt_options_nearest(word, names);
    fputs("silt: there is no command ", stderr);
    silt_escape_print_text(stderr, word);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean %s?", nearest);
    fprintf(stderr, "\n  %s --help lists them.\n", path);
    return SILT_EXIT_USAGE;
}

bool silt_command_end_output(void)
{
    bool is_written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (!is_written && errno != EPIPE) /* whoever closed the pipe knows */
        fprintf(stderr, "silt: standard output: %s\n", strerror(errno));
    return is_written;
}

int silt_command_run(char *const *words)
{
    char path[64];
    const struct silt_command *command = silt_command_find(&words, path, sizeof path);
    if (silt_options_ask_help(words))
        return silt_help_print(command, path, stdout);
    if (command->run != NULL)
        return command->run(command, words);
    if (command == &silt_command_root && *words != NULL && strcmp(*words, "--version") == 0)
        return silt_command_run((char *const[]){"version", NULL});
    return refuse_word(command, path, *words);
}
