/*
 * fish.c: completion for fish.
 */
#include "manual.h"

#include <string.h>

/* Conditions of fish: the words of the path were typed, and of a command that has commands none of them. */
static void print_fish_condition(const struct silt_command *command, const char *path)
{
    char words[96], *rest = words, *word;
    snprintf(words, sizeof words, "%s", path);
    fputs("complete -c silt -n '", stdout);
    const char *before = "";
    (void)strsep(&rest, " ");
    while ((word = strsep(&rest, " ")) != NULL) {
        printf("%s__fish_seen_subcommand_from %s", before, word);
        before = "; and ";
    }
    if (command->commands != NULL)
        printf("%snot __fish_seen_subcommand_from", before);
    for (size_t i = 0; command->commands != NULL && command->commands[i] != NULL; i++)
        printf(" %s", command->commands[i]->name);
    fputs("'", stdout);
}

static void print_fish_command(const struct silt_command *command, const char *path)
{
    for (size_t i = 0; command->commands != NULL && command->commands[i] != NULL; i++) {
        print_fish_condition(command, path);
        printf(" -f -a %s -d '", command->commands[i]->name);
        silt_manual_print_quoted(command->commands[i]->summary, "");
        puts("'");
    }
    for (const struct silt_option *row = command->options; row != NULL && row->name != NULL; row++) {
        print_fish_condition(command, path);
        printf(" -l %s", row->name);
        if (row->letter != '\0')
            printf(" -s %c", row->letter);
        fputs(row->kind == SILT_OPTION_FLAG ? "" : silt_manual_takes_file(row) ? " -r" : " -x", stdout);
        for (size_t c = 0; row->choices != NULL && row->choices[c] != NULL; c++)
            printf("%s%s", c == 0 ? " -a '" : " ", row->choices[c]);
        fputs(row->choices != NULL ? "' -d '" : " -d '", stdout);
        silt_manual_print_quoted(row->help, "");
        puts("'");
    }
}

void silt_fish_print(void)
{
    puts("# Completion of silt for fish; made from its option table.");
    silt_manual_walk(print_fish_command);
}
