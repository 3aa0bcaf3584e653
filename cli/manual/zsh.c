/*
 * zsh.c: completion for zsh.
 */
#include "manual.h"

#include <string.h>

/* What stands behind an option; lists take several of the choices. */
static void print_zsh_value(const struct silt_option *row)
{
    if (row->argument == NULL)
        return;
    putchar(':');
    silt_manual_print_quoted(row->argument, ":\\");
    if (row->choices == NULL)
        fputs(silt_manual_takes_file(row) ? ":_files" : ": ", stdout);
    else
        fputs(row->kind == SILT_OPTION_PARTS ? ":_values -s , value" : ":(", stdout);
    for (size_t i = 0; row->choices != NULL && row->choices[i] != NULL; i++)
        printf("%s%s", i > 0 || row->kind == SILT_OPTION_PARTS ? " " : "", row->choices[i]);
    fputs(row->choices != NULL && row->kind != SILT_OPTION_PARTS ? ")" : "", stdout);
}

/* A specification for _arguments (zshcompsys(1)). */
static void print_zsh_option(const struct silt_option *row)
{
    bool repeats = row->kind == SILT_OPTION_WORDS || row->kind == SILT_OPTION_PARTS;
    fputs("            ", stdout);
    if (repeats)
        printf("'*--%s", row->name);
    else if (row->letter != '\0')
        printf("'(-%c --%s)'{-%c,--%s}'", row->letter, row->name, row->letter, row->name);
    else
        printf("'--%s", row->name);
    fputs(row->kind != SILT_OPTION_FLAG && row->letter == '\0' ? "=[" : "[", stdout);
    silt_manual_print_quoted(row->help, "[]:\\");
    putchar(']');
    print_zsh_value(row);
    puts("' \\");
}

static void print_zsh_case(const struct silt_command *command, const char *path)
{
    printf("    \"%s\")\n", path);
    if (command->commands != NULL) {
        fputs("        _values command", stdout);
        for (size_t i = 0; command->commands[i] != NULL; i++) {
            printf(" '%s[", command->commands[i]->name);
            silt_manual_print_quoted(command->commands[i]->summary, "[]:\\");
            fputs("]'", stdout);
        }
        puts(" ;;");
        return;
    }
    puts("        _arguments \\");
    for (const struct silt_option *row = command->options; row != NULL && row->name != NULL; row++)
        print_zsh_option(row);
    puts("            '(- *)'{-h,--help}'[show help]' '*: :_files' ;;");
}

void silt_zsh_print(void)
{
    puts("#compdef silt\n# Completion of silt for zsh; made from its option table.\n_silt() {\n"
         "    local way=silt i=2\n    while ((i < CURRENT)); do\n        case \"$way $words[i]\" in");
    silt_manual_walk(silt_manual_print_way);
    puts("        *) break ;;\n        esac\n        ((i++))\n    done\n"
         "    words=(silt \"${(@)words[i,-1]}\")\n    ((CURRENT -= i - 2))\n    case \"$way\" in");
    silt_manual_walk(print_zsh_case);
    puts("    esac\n}\n_silt \"$@\"");
}
