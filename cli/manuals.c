/*
 * manuals.c: a program of the build: manual pages and completions, from the same commands and option rows
 * that parsing and help are made of. usage: manuals man [COMMAND] | bash | zsh | fish
 */
#include "command.h"
#include "help.h"

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

/* What all pages end with. */
static const char tail[] =
    ".SH EXIT STATUS\n"
    ".TP\n0\nscanned completely, nothing at or above \\-\\-fail\\-on\n"
    ".TP\n1\nfindings\n"
    ".TP\n2\nwrong usage or configuration, or a report that could not be written\n"
    ".TP\n3\nthe scan is incomplete, and there are no findings\n"
    ".SH FILES\n"
    ".TP\n.I .silt.json\noptions of \\fBsilt scan\\fR, in the working directory or the nearest one above it: "
    "an object whose "
    "keys are\nthe options' names without dashes in front. The command line wins over the environment, and "
    "that over the file.\n"
    ".TP\n.I ~/.cache/silt\ncompiled signatures\n"
    ".SH SEE ALSO\n"
    "\\fBsilt\\fR(1), \\fBsilt\\-scan\\fR(1), \\fBsilt\\-signatures\\fR(1), \\fBsilt\\-signatures\\fR(5)\n";

static void print_page(const struct silt_command *command, const char *path)
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
}

/* Calls `visit` for a command and all below it; paths are "silt scan". */
static void visit_commands(const struct silt_command *command, const char *path,
                           void (*visit)(const struct silt_command *command, const char *path))
{
    visit(command, path);
    for (size_t i = 0; command->commands != NULL && command->commands[i] != NULL; i++) {
        char below[96];
        snprintf(below, sizeof below, "%s %s", path, command->commands[i]->name);
        visit_commands(command->commands[i], below, visit);
    }
}

/* zsh has a variable `path` of its own, so both shells call it way. */
static void print_way(const struct silt_command *command, const char *path)
{
    if (command != &silt_command_root)
        printf("        \"%s\") way=\"%s\" ;;\n", path, path);
}

/* What stands behind an option. */
static void print_bash_values(const struct silt_command *command, const char *path)
{
    for (const struct silt_option *row = command->options; row != NULL && row->name != NULL; row++) {
        if (row->kind == SILT_OPTION_FLAG)
            continue;
        printf("    \"%s --%s\"", path, row->name);
        if (row->letter != '\0')
            printf(" | \"%s -%c\"", path, row->letter);
        fputs(") ", stdout);
        if (row->is_file || row->is_target)
            fputs("compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\")); ", stdout);
        for (size_t i = 0; row->choices != NULL && row->choices[i] != NULL; i++)
            printf("%s%s", i == 0 ? "_silt_choose \"" : " ", row->choices[i]);
        puts(row->choices != NULL ? "\"; return ;;" : "return ;;");
    }
}

static void print_bash_words(const struct silt_command *command, const char *path)
{
    printf("    \"%s\") words=\"", path);
    for (size_t i = 0; command->commands != NULL && command->commands[i] != NULL; i++)
        printf("%s ", command->commands[i]->name);
    for (const struct silt_option *row = command->options; row != NULL && row->name != NULL; row++)
        printf("--%s ", row->name);
    puts("--help\" ;;");
}

static void print_bash(void)
{
    puts("# Completion of silt for bash; made from its option table.\n"
         "# Completes the last part of a list.\n_silt_choose() {\n"
         "    local part=${word##*,}\n"
         "    COMPREPLY=($(compgen -P \"${word%\"$part\"}\" -W \"$1\" -- \"$part\"))\n}\n_silt() {\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} way=silt words i\n"
         "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case \"$way ${COMP_WORDS[i]}\" in");
    visit_commands(&silt_command_root, "silt", print_way);
    puts("        esac\n    done\n    COMPREPLY=()\n    case \"$way $before\" in");
    visit_commands(&silt_command_root, "silt", print_bash_values);
    puts("    esac\n    case \"$way\" in");
    visit_commands(&silt_command_root, "silt", print_bash_words);
    puts("    esac\n    if [[ $word == -* || $way != \"silt scan\" ]]; then\n"
         "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n    else\n        compopt -o filenames\n"
         "        COMPREPLY=($(compgen -f -- \"$word\"))\n    fi\n}\ncomplete -F _silt silt");
}

/* Text within single quotes: the quote itself ends them, stands for itself, and begins them again. */
static void print_quoted(const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            printf(strchr(special, *text) != NULL ? "\\%c" : "%c", *text);
    }
}

/* What stands behind an option; lists take several of the choices. */
static void print_zsh_value(const struct silt_option *row)
{
    if (row->argument == NULL)
        return;
    putchar(':');
    print_quoted(row->argument, ":\\");
    if (row->choices == NULL)
        fputs(row->is_file || row->is_target ? ":_files" : ": ", stdout);
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
    print_quoted(row->help, "[]:\\");
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
            print_quoted(command->commands[i]->summary, "[]:\\");
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

static void print_zsh(void)
{
    puts("#compdef silt\n# Completion of silt for zsh; made from its option table.\n_silt() {\n"
         "    local way=silt i=2\n    while ((i < CURRENT)); do\n        case \"$way $words[i]\" in");
    visit_commands(&silt_command_root, "silt", print_way);
    puts("        *) break ;;\n        esac\n        ((i++))\n    done\n"
         "    words=(silt \"${(@)words[i,-1]}\")\n    ((CURRENT -= i - 2))\n    case \"$way\" in");
    visit_commands(&silt_command_root, "silt", print_zsh_case);
    puts("    esac\n}\n_silt \"$@\"");
}

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
        print_quoted(command->commands[i]->summary, "");
        puts("'");
    }
    for (const struct silt_option *row = command->options; row != NULL && row->name != NULL; row++) {
        print_fish_condition(command, path);
        printf(" -l %s", row->name);
        if (row->letter != '\0')
            printf(" -s %c", row->letter);
        fputs(row->kind == SILT_OPTION_FLAG ? "" : row->is_file || row->is_target ? " -r" : " -x", stdout);
        for (size_t c = 0; row->choices != NULL && row->choices[c] != NULL; c++)
            printf("%s%s", c == 0 ? " -a '" : " ", row->choices[c]);
        fputs(row->choices != NULL ? "' -d '" : " -d '", stdout);
        print_quoted(row->help, "");
        puts("'");
    }
}

static void print_fish(void)
{
    puts("# Completion of silt for fish; made from its option table.");
    visit_commands(&silt_command_root, "silt", print_fish_command);
}

static int print_manual(char **words)
{
    char path[64];
    char *const *rest = words;
    const struct silt_command *command = silt_command_find(&rest, path, sizeof path);
    if (*rest != NULL)
        return 2;
    print_page(command, path);
    return 0;
}

int main(int count, char **words)
{
    int code = 0;
    if (count >= 2 && strcmp(words[1], "man") == 0)
        code = print_manual(words + 2);
    else if (count == 2 && strcmp(words[1], "bash") == 0)
        print_bash();
    else if (count == 2 && strcmp(words[1], "zsh") == 0)
        print_zsh();
    else if (count == 2 && strcmp(words[1], "fish") == 0)
        print_fish();
    else
        code = 2;
    return fflush(stdout) == 0 ? code : 1;
}
