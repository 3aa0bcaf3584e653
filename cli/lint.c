/*
 * lint.c: the command `silt signatures lint`: whether signature files are right. Each file is judged by
 * itself, so that one broken file does not hide the next.
 */
#include "command.h"
#include "datadir.h"
#include "escape.h"
#include "lint_cost.h"
#include "rules.h"

struct settings {
    const char *corpus;
    int format;
};

enum { TABLE, JSON };
static const char *const formats[] = {"table", "json", NULL};

static const struct silt_option rows[] = {
    {.name = "cost",
     .argument = "CORPUS",
     .help = "do not check, but measure what each signature adds to the time of a scan, over this image, "
             "archive, file or directory",
     .group = "Options",
     .kind = SILT_OPTION_TEXT,
     .offset = offsetof(struct settings, corpus)},
    {.name = "format",
     .letter = 'f',
     .argument = "FORMAT",
     .help = "of --cost: table or json",
     .fallback = "table",
     .group = "Options",
     .kind = SILT_OPTION_CHOICE,
     .choices = formats,
     .offset = offsetof(struct settings, format)},
    {.name = NULL},
};

/* What was looked at, over all files. */
struct account {
    size_t signatures, errors, warnings;
};

static bool take_lint(void *context, const struct silt_lint *lint)
{
    struct account *account = context;
    account->errors += lint->is_error;
    account->warnings += !lint->is_error;
    silt_escape_print_text(stdout, lint->signature->file);
    printf(": %s: %s: ", lint->signature->id, lint->is_error ? "error" : "warning");
    silt_escape_print_text(stdout, lint->message);
    putchar('\n');
    return true;
}

/* Loads one file or directory and looks at its signatures; what is wrong is printed. */
static void lint_path(struct account *account, const char *path)
{
    struct silt_error error = {0};
    struct silt_signatures *set = NULL;
    bool is_good =
        silt_signatures_new(&set, &error) == SILT_OK && silt_signatures_add(set, path, &error) == SILT_OK;
    if (is_good)
        account->signatures += silt_signatures_count(set);
    if (!is_good || silt_ruleset_lint(set, take_lint, account, &error) != SILT_OK) {
        silt_escape_print_text(stdout, error.message); /* names the file */
        putchar('\n');
        account->errors++;
    }
    silt_signatures_free(set);
}

static void print_count(size_t count, const char *noun, const char *end)
{
    printf("%zu %s%s%s", count, noun, count == 1 ? "" : "s", end);
}

static int lint_all(const struct silt_words *paths)
{
    char own[PATH_MAX];
    struct account account = {0};
    if (paths->count == 0 && !silt_datadir_find("signatures", own)) {
        fprintf(stderr, "silt: its signatures are not at %s\n", own);
        return SILT_EXIT_USAGE;
    }
    for (size_t i = 0; i < paths->count; i++)
        lint_path(&account, paths->items[i]);
    if (paths->count == 0)
        lint_path(&account, own);
    print_count(account.signatures, "signature", ", ");
    print_count(account.errors, "error", ", ");
    print_count(account.warnings, "warning", "\n");
    return account.errors > 0 ? SILT_EXIT_FINDINGS : SILT_EXIT_CLEAN;
}

static int lint_as_asked(const struct settings *settings, const struct silt_words *paths)
{
    if (settings->corpus != NULL) {
        const struct silt_lint_cost request = {settings->corpus, paths, settings->format == JSON};
        return silt_lint_cost(&request);
    }
    if (settings->format == TABLE)
        return lint_all(paths);
    fputs("silt: --format is for --cost\n", stderr);
    return SILT_EXIT_USAGE;
}

static int run(const struct silt_command *command, char *const *words)
{
    struct settings settings = {0};
    struct silt_words paths = {0};
    int code = SILT_EXIT_USAGE;
    if (silt_options_parse(command->options, words, &settings, &paths, stderr))
        code = lint_as_asked(&settings, &paths);
    silt_words_clear(&paths);
    return silt_command_end_output() ? code : SILT_EXIT_USAGE;
}

static const char *const examples[] = {
    "silt signatures lint mine.json",
    "check a file before using it",
    "silt signatures lint --cost build/bench/npm.tar mine.json",
    "what its signatures would add to silt's own",
    NULL,
};

static const char text[] =
    "Checks signature files: their schema, whether every pattern compiles and is bounded, and what could be "
    "better. Without a file, silt's own. Exit code 1 if anything is wrong.\n\n"
    "--cost ranks silt's own signatures and those of the files by their share in the time of matching and "
    "confirming, on one processor. It shows the 20 dearest and all of the files. Candidates, and the time to "
    "confirm them (pattern, keywords, validators, score), are counted for each signature in a scan of the "
    "corpus. What a signature adds to finding candidates is the time of all signatures less that of all "
    "others, over a sample of up to 16 MiB. Since compiling a thousand such sets takes too long, groups are "
    "left out, and those that add more than 1 %, and more than their error, are halved, down to single "
    "signatures. Signatures share "
    "work: none adds more than its group, and two that are dear for the same reason each look cheap. The "
    "error is "
    "half of what lies between the quartiles of five runs; on a busy machine it is large, and then nothing "
    "below it says anything. It takes a minute or more. The corpus decides: use content of the kind that "
    "will be scanned, some 100 MB of it.";

const struct silt_command silt_lint_command = {
    .name = "lint",
    .usage = "[OPTIONS] [FILE|DIR]...",
    .summary = "check signature files, or measure what they cost",
    .text = text,
    .examples = examples,
    .options = rows,
    .run = run,
};
