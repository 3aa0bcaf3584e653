/*
 * bash.c: completion for bash.
 */
#include "manual.h"

#include <string.h>

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
        if (silt_manual_takes_file(row))
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

void silt_bash_print(void)
{
    puts("# Completion of silt for bash; made from its option table.\n"
         "# Completes the last part of a list.\n_silt_choose() {\n"
         "    local part=${word##*,}\n"
         "    COMPREPLY=($(compgen -P \"${word%\"$part\"}\" -W \"$1\" -- \"$part\"))\n}\n_silt() {\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} way=silt words i\n"
         "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case \"$way ${COMP_WORDS[i]}\" in");
    silt_manual_walk(silt_manual_print_way);
    puts("        esac\n    done\n    COMPREPLY=()\n    case \"$way $before\" in");
    silt_manual_walk(print_bash_values);
    puts("    esac\n    case \"$way\" in");
    silt_manual_walk(print_bash_words);
    puts("    esac\n    if [[ $word == -* || $way != \"silt scan\" ]]; then\n"
         "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n    else\n        compopt -o filenames\n"
         "        COMPREPLY=($(compgen -f -- \"$word\"))\n    fi\n}\ncomplete -F _silt silt");
}
