/*
 * lint.c: the command `silt signatures lint`: whether signature files are right. Each file is judged by
 * itself, so that one broken file does not hide the next.
 */
#include "command.h"
#include "datadir.h"
#include "escape.h"
#include "rules.h"

static const struct silt_option rows[] = {{.name = NULL}};

static bool explain(const char *path, const struct silt_error *error)
{
    silt_escape_print_text(stdout, path);
    fputs(": ", stdout);
    silt_escape_print_text(stdout, error->message);
    putchar('\n');
    return false;
}

/* Loads and compiles one file or directory; what is wrong is printed. */
static bool lint(const char *path, size_t *count)
{
    struct silt_error error = {0};
    struct silt_signatures *set = NULL;
    struct silt_ruleset *ruleset = NULL;
    const struct silt_ruleset_paths no_paths = {0}; /* compile, whatever is cached */
    bool is_good = silt_signatures_new(&set, &error) == SILT_OK &&
                   silt_signatures_add(set, path, &error) == SILT_OK &&
                   silt_ruleset_open(set, &no_paths, &ruleset, &error) == SILT_OK;
    if (is_good)
        *count += silt_signatures_count(set);
    else
        explain(path, &error);
    silt_ruleset_free(ruleset);
    silt_signatures_free(set);
    return is_good;
}

static int lint_all(const struct silt_words *paths)
{
    char own[PATH_MAX];
    size_t count = 0, failures = 0;
    if (paths->count == 0 && !silt_datadir_find("signatures", own)) {
        fprintf(stderr, "silt: its signatures are not at %s\n", own);
        return SILT_EXIT_USAGE;
    }
    for (size_t i = 0; i < paths->count; i++)
        failures += !lint(paths->items[i], &count);
    if (paths->count == 0)
        failures += !lint(own, &count);
    printf("%zu signature%s good, %zu file%s not\n", count, count == 1 ? "" : "s", failures,
           failures == 1 ? "" : "s");
    return failures > 0 ? SILT_EXIT_FINDINGS : SILT_EXIT_CLEAN;
}

static int run(const struct silt_command *command, char *const *words)
{
    struct silt_words paths = {0};
    char nothing;
    int code = SILT_EXIT_USAGE;
    if (silt_options_parse(command->options, words, &nothing, &paths, stderr))
        code = lint_all(&paths);
    silt_words_clear(&paths);
    return silt_command_end_output() ? code : SILT_EXIT_USAGE;
}

static const char *const examples[] = {"silt signatures lint mine.json", "check a file before using it",
                                       NULL};

const struct silt_command silt_lint_command = {
    .name = "lint",
    .usage = "[FILE|DIR]...",
    .summary = "check signature files",
    .text = "Checks signature files: their schema, and whether every pattern compiles. Without a file, "
            "silt's own. Exit "
            "code 1 if anything is wrong.",
    .examples = examples,
    .options = rows,
    .run = run,
};
