/*
 * help.c: help of a command, from its rows; and the command `silt help`.
 */
#include "help.h"

#include "escape.h"
#include "wrap.h"

#include <string.h>

enum { WIDTH = 80, HELP_COLUMN = 28 };

/* One row: the name at the left, the text in its own column, below if the name is long. */
static void print_row(FILE *out, const char *left, const char *text)
{
    size_t at = (size_t)fprintf(out, "  %s", left);
    if (at + 2 > HELP_COLUMN) {
        fputc('\n', out);
        at = 0;
    }
    silt_wrap_space(out, HELP_COLUMN - at);
    silt_wrap_print(out, text, HELP_COLUMN, HELP_COLUMN, WIDTH);
}

void silt_help_describe(const struct silt_option *row, FILE *out)
{
    fputs(row->help, out);
    for (size_t i = 0; row->choices != NULL && row->choices[i] != NULL; i++) {
        fprintf(out, "%s%s", i == 0 ? ": " : row->choices[i + 1] == NULL ? " or " : ", ", row->choices[i]);
        if (row->notes != NULL)
            fprintf(out, " (%s)", row->notes[i]);
    }
    if (row->fallback != NULL)
        fprintf(out, " (default %s)", row->fallback);
}

static void print_option(FILE *out, const struct silt_option *row)
{
    char left[64], text[1024];
    char letter[8] = "    ";
    if (row->letter != '\0')
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    bool has_value = row->kind != SILT_OPTION_FLAG;
    snprintf(left, sizeof left, "%s--%s%s%s", letter, row->name, has_value ? " " : "",
             has_value ? row->argument : "");
    FILE *memory = fmemopen(text, sizeof text, "w");
    if (memory == NULL)
        return;
    silt_help_describe(row, memory);
    fclose(memory);
    print_row(out, left, text);
}

static void print_options(FILE *out, const struct silt_option *rows)
{
    const char *group = "";
    if (rows->name == NULL)
        fputs("\nOptions:\n", out);
    for (; rows->name != NULL; rows++) {
        if (strcmp(rows->group, group) != 0)
            fprintf(out, "\n%s:\n", rows->group);
        group = rows->group;
        print_option(out, rows);
    }
    print_row(out, "-h, --help", "show this help");
}

static void print_commands(FILE *out, const struct silt_command *command, const char *path)
{
    fputs("\nCommands:\n", out);
    for (size_t i = 0; command->commands[i] != NULL; i++)
        print_row(out, command->commands[i]->name, command->commands[i]->summary);
    fprintf(out, "\n%s COMMAND --help tells about one of them.\n", path);
}

static void print_examples(FILE *out, const char *const *examples)
{
    fputs("\nExamples:\n", out);
    for (; *examples != NULL; examples += 2)
        fprintf(out, "  %s\n      %s\n", examples[0], examples[1]);
}

/* Options in the environment, where the command has any. */
static void print_environment(FILE *out, const struct silt_option *rows)
{
    const char *first = NULL, *name = NULL;
    for (; rows->name != NULL && first == NULL; rows++) {
        first = rows->environment;
        name = rows->name;
    }
    if (first == NULL)
        return;
    char text[256];
    snprintf(
        text, sizeof text,
        "Options can be set in the environment too: %s stands for --%s, and so on; the command line wins.",
        first, name);
    fputc('\n', out);
    silt_wrap_print(out, text, 0, 0, WIDTH);
}

int silt_help_print(const struct silt_command *command, const char *path, FILE *out)
{
    fprintf(out, "Usage: %s %s\n\n", path, command->usage);
    silt_wrap_print(out, command->text, 0, 0, WIDTH);
    if (command->commands != NULL)
        print_commands(out, command, path);
    if (command->options != NULL)
        print_options(out, command->options);
    if (command->examples != NULL)
        print_examples(out, command->examples);
    if (command->options != NULL)
        print_environment(out, command->options);
    return out != stdout || silt_command_end_output() ? SILT_EXIT_CLEAN : SILT_EXIT_USAGE;
}

static int run(const struct silt_command *self, char *const *words)
{
    (void)self;
    char path[64];
    const struct silt_command *command = silt_command_find(&words, path, sizeof path);
    if (*words == NULL)
        return silt_help_print(command, path, stdout);
    fputs("silt: there is no help for ", stderr);
    silt_escape_print_text(stderr, *words);
    fputc('\n', stderr);
    return SILT_EXIT_USAGE;
}

const struct silt_command silt_help_command = {
    .name = "help",
    .usage = "[COMMAND...]",
    .summary = "tell how a command is used",
    .text = "Tells how a command is used; the same as COMMAND --help.",
    .run = run,
};
