/*
 * roff.c: a command's manual page (man-pages(7), groff_man(7)), in help's own words.
 */
#include "help.h"
#include "manual.h"

#include <ctype.h>
#include <silt/version.h>
#include <stdlib.h>
#include <string.h>

/* Text for roff: no character of it is a request or an escape (groff_char(7), man-pages(7)). */
static void print_roff(const char *text)
{
    bool starts_line = true;
    for (; *text != '\0'; text++) {
        if (text[0] == '\n' && text[1] == '\n') {
            fputs("\n.PP\n", stdout);
            text++;
            starts_line = true;
            continue;
        }
        if (starts_line && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\n')
            fputs("\n.br", stdout);
        if (*text != '\\' && *text != '-')
            putchar(*text);
        starts_line = *text == '\n';
    }
}

static void print_upper(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == ' ')
            fputs("\\-", stdout);
        else
            putchar(toupper((unsigned char)*text));
}

/* What an option does, in help's words; the caller frees it. */
static char *describe_new(const struct silt_option *row)
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        exit(1);
    silt_help_describe(row, memory);
    if (fclose(memory) != 0)
        exit(1);
    return text;
}

static void print_option_roff(const struct silt_option *row)
{
    char *text = describe_new(row);
    fputs(".TP\n", stdout);
    if (row->letter != '\0')
        printf("\\fB\\-%c\\fR, ", row->letter);
    fputs("\\fB\\-\\-", stdout);
    print_roff(row->name);
    fputs("\\fR", stdout);
    if (row->argument != NULL) {
        fputs(" \\fI", stdout);
        print_roff(row->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    text[0] = (char)toupper((unsigned char)text[0]);
    print_roff(text);
    fputs(".\n", stdout);
    if (row->environment != NULL)
        printf("Environment: \\fB%s\\fR.\n", row->environment);
    free(text);
}

static void print_options_roff(const struct silt_option *rows, const char *heading)
{
    const char *group = "";
    for (; rows != NULL && rows->name != NULL; rows++) {
        if (strcmp(group, rows->group) != 0 && strcmp(rows->group, "Options") != 0)
            printf("%s %s\n", heading, rows->group);
        group = rows->group;
        print_option_roff(rows);
    }
}

static void print_examples_roff(const char *const *examples)
{
    for (; examples != NULL && examples[0] != NULL; examples += 2) {
        fputs(".TP\n\\fB", stdout);
        print_roff(examples[0]);
        fputs("\\fR\n", stdout);
        print_roff(examples[1]);
        putchar('\n');
    }
}

static void print_synopsis_roff(const struct silt_command *command, const char *path)
{
    fputs("\\fB", stdout);
    print_roff(path);
    fputs("\\fR ", stdout);
    print_roff(command->usage);
    putchar('\n');
}

/* A command of a command, within its page. */
static void print_child_roff(const struct silt_command *child, const char *path)
{
    char full[96];
    snprintf(full, sizeof full, "%s %s", path, child->name);
    printf(".SS %s\n", child->name);
    print_synopsis_roff(child, full);
    fputs(".PP\n", stdout);
    print_roff(child->text);
    putchar('\n');
    print_options_roff(child->options, ".PP\n");
    print_examples_roff(child->examples);
}

static void print_children_roff(const struct silt_command *command, const char *path)
{
    if (command->commands == NULL)
        return;
    fputs(".SH COMMANDS\n", stdout);
    for (size_t i = 0; command->commands[i] != NULL; i++) {
        if (command != &silt_command_root) {
            print_child_roff(command->commands[i], path);
            continue;
        }
        printf(".TP\n\\fB%s\\fR\n", command->commands[i]->name);
        print_roff(command->commands[i]->summary);
        putchar('\n');
    }
}

/* What all pages say of `silt scan`, which the others are about too. */
static const char tail[] =
    ".SH EXIT STATUS\n"
    ".TP\n0\ndone; a scan was complete, with nothing at or above \\-\\-fail\\-on\n"
    ".TP\n1\nfindings, or signatures that are not as they should be\n"
    ".TP\n2\nwrong usage or configuration, or a report that could not be written\n"
    ".TP\n3\nthe scan is incomplete, and there are no findings\n"
    ".SH FILES\n"
    ".TP\n.I .silt.json\noptions of \\fBsilt scan\\fR, in the working directory or the nearest one above it: "
    "an "
    "object whose keys are\nthe options' names without dashes in front. The command line wins over the "
    "environment, "
    "and that over the file.\n"
    ".TP\n.I ~/.cache/silt\ncompiled signatures, and results of layers without secrets\n";

static void name_page(const struct silt_command *command, const char *path)
{
    if (!silt_manual_has_page(command, path))
        return;
    fputs("\\fB", stdout);
    for (const char *letter = path; *letter != '\0'; letter++)
        fputs(*letter == ' ' ? "\\-" : (char[]){*letter, '\0'}, stdout);
    fputs("\\fR(1), ", stdout);
}

void silt_roff_print(const struct silt_command *command, const char *path)
{
    fputs(".TH \"", stdout);
    print_upper(path);
    printf("\" 1 \"\" \"silt %s\" \"User Commands\"\n.SH NAME\n", silt_version());
    for (const char *letter = path; *letter != '\0'; letter++)
        fputs(*letter == ' ' ? "\\-" : (char[]){*letter, '\0'}, stdout);
    fputs(" \\- ", stdout);
    print_roff(command->summary != NULL ? command->summary
                                        : "find credentials in container images and build artifacts");
    fputs("\n.SH SYNOPSIS\n", stdout);
    print_synopsis_roff(command, path);
    fputs(".SH DESCRIPTION\n", stdout);
    print_roff(command->text);
    putchar('\n');
    print_children_roff(command, path);
    if (command->options != NULL)
        fputs(".SH OPTIONS\n", stdout);
    print_options_roff(command->options, ".SS");
    if (command->examples != NULL)
        fputs(".SH EXAMPLES\n", stdout);
    print_examples_roff(command->examples);
    fputs(tail, stdout);
    fputs(".SH SEE ALSO\n", stdout);
    silt_manual_walk(name_page);
    fputs("\\fBsilt\\-signatures\\fR(5)\n", stdout);
}
