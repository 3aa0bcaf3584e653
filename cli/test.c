/*
 * test.c: the command `silt signatures test`: every example of a signature through the real engine.
 */
#include "command.h"
#include "escape.h"
#include "example.h"
#include "rules.h"

#include <string.h>
#include <unistd.h>

struct settings {
    struct silt_words files;
    const char *cache_dir;
    bool no_cache;
};

static const struct silt_option rows[] = {
    {.name = "signatures",
     .argument = "FILE|DIR",
     .help = "add these signatures to silt's own; may repeat",
     .group = "Options",
     .environment = "SILT_SIGNATURES",
     .kind = SILT_OPTION_WORDS,
     .offset = offsetof(struct settings, files)},
    {.name = "cache-dir",
     .argument = "DIR",
     .help = "keep compiled signatures there instead of ~/.cache/silt",
     .group = "Options",
     .environment = "SILT_CACHE_DIR",
     .kind = SILT_OPTION_TEXT,
     .offset = offsetof(struct settings, cache_dir)},
    {.name = "no-cache",
     .help = "keep nothing between runs",
     .group = "Options",
     .environment = "SILT_NO_CACHE",
     .kind = SILT_OPTION_FLAG,
     .offset = offsetof(struct settings, no_cache)},
    {.name = NULL},
};

/* One example on its way through the engine, and the accounts of all. */
struct trial {
    struct silt_scanner *scanner;
    const struct silt_signature *signature;
    bool is_found;
    char other[64]; /* id of another signature that was found in it */
    size_t examples, failures;
};

static bool take_finding(void *context, const struct silt_finding *finding)
{
    struct trial *trial = context;
    if (strcmp(finding->signature->id, trial->signature->id) == 0)
        trial->is_found = true;
    else
        snprintf(trial->other, sizeof trial->other, "%s", finding->signature->id);
    return true;
}

static void print_failure(struct trial *trial, const char *text, const char *why)
{
    trial->failures++;
    fputs(trial->signature->id, stdout);
    printf(": %s\n    ", why);
    silt_escape_print_text(stdout, text);
    if (trial->other[0] != '\0')
        printf("\n    %s is found in it", trial->other);
    putchar('\n');
}

static void try_example(struct trial *trial, const char *text, bool is_match)
{
    char name[SILT_EXAMPLE_NAME_SIZE];
    struct silt_span content = silt_example_open(trial->signature, text, name);
    const struct silt_sink sink = {.context = trial, .finding = take_finding};
    struct silt_error error = {0};
    trial->examples++;
    trial->is_found = false;
    trial->other[0] = '\0';
    enum silt_status status = silt_scanner_scan_buffer(trial->scanner, name, content, &sink, &error);
    if (status != SILT_OK)
        print_failure(trial, text, error.message[0] != '\0' ? error.message : silt_status_name(status));
    else if (is_match && !trial->is_found)
        print_failure(trial, text, "an example that should match is not found");
    else if (!is_match && trial->is_found)
        print_failure(trial, text, "an example that should not match is found");
}

static void try_signature(struct trial *trial, const struct silt_signature *signature)
{
    trial->signature = signature;
    for (const char *const *text = signature->examples_match; text != NULL && *text != NULL; text++)
        try_example(trial, *text, true);
    for (const char *const *text = signature->examples_no_match; text != NULL && *text != NULL; text++)
        try_example(trial, *text, false);
}

/* Tries the signatures whose ids are given, all without any. Answers how many; 0 if an id names nothing. */
static size_t try_signatures(struct trial *trial, const struct silt_signatures *set,
                             const struct silt_words *ids)
{
    for (size_t i = 0; i < ids->count; i++) {
        const struct silt_signature *signature = silt_signatures_find(set, ids->items[i]);
        if (signature == NULL) {
            fprintf(stderr, "silt: there is no signature ");
            silt_escape_print_text(stderr, ids->items[i]);
            fputc('\n', stderr);
            return 0;
        }
        try_signature(trial, signature);
    }
    for (size_t i = 0; ids->count == 0 && i < silt_signatures_count(set); i++)
        try_signature(trial, silt_signatures_at(set, i));
    return ids->count > 0 ? ids->count : silt_signatures_count(set);
}

static int test(const struct silt_rules *rules, const struct silt_words *ids)
{
    struct trial trial = {0};
    struct silt_scan_options options;
    struct silt_error error = {0};
    silt_scan_options_init(&options);
    options.jobs = 1;
    options.all_matches = true; /* the test of a signature is about that one, not about which is the best */
    if (silt_scanner_new(rules->ruleset, &options, &trial.scanner, &error) != SILT_OK) {
        fprintf(stderr, "silt: %s\n", error.message);
        return SILT_EXIT_USAGE;
    }
    size_t count = try_signatures(&trial, rules->set, ids);
    silt_scanner_free(trial.scanner);
    if (count == 0)
        return SILT_EXIT_USAGE;
    printf("%zu signature%s, %zu example%s, %zu failed\n", count, count == 1 ? "" : "s", trial.examples,
           trial.examples == 1 ? "" : "s", trial.failures);
    return trial.failures > 0 ? SILT_EXIT_FINDINGS : SILT_EXIT_CLEAN;
}

/* Parts operands into files and ids: what exists as a path is a file. */
static bool part_operands(const struct silt_words *operands, struct silt_words *files, struct silt_words *ids)
{
    for (size_t i = 0; i < operands->count; i++) {
        const char *word = operands->items[i];
        bool is_file = strchr(word, '/') != NULL || access(word, F_OK) == 0;
        if (!silt_words_put(is_file ? files : ids, word, strlen(word)))
            return false;
    }
    return true;
}

static int run(const struct silt_command *command, char *const *words)
{
    struct settings settings = {0};
    struct silt_words operands = {0}, files = {0}, ids = {0};
    struct silt_rules rules = {0};
    int code = SILT_EXIT_USAGE;
    if (silt_options_parse(command->options, words, &settings, &operands, stderr) &&
        part_operands(&operands, &files, &ids)) {
        const struct silt_rules_choice choice = {.files = files.count > 0 ? &files : &settings.files,
                                                 .cache_dir = settings.cache_dir,
                                                 .no_cache = settings.no_cache};
        if (silt_rules_load(&rules, &choice, files.count > 0) && silt_rules_compile(&rules, &choice))
            code = test(&rules, &ids);
    }
    silt_rules_clear(&rules);
    silt_words_clear(&operands);
    silt_words_clear(&files);
    silt_words_clear(&ids);
    silt_options_clear(command->options, &settings);
    return silt_command_end_output() ? code : SILT_EXIT_USAGE;
}

static const char *const examples[] = {"silt signatures test",
                                       "all of silt's own signatures",
                                       "silt signatures test mine.json",
                                       "those of a file, by themselves",
                                       "silt signatures test github.pat",
                                       "one",
                                       NULL};

const struct silt_command silt_test_command = {
    .name = "test",
    .usage = "[OPTIONS] [ID|FILE]...",
    .summary = "run the examples of signatures",
    .text = "Runs the examples of signatures through the engine: those that should match must be found, the "
            "others not. "
            "Exit code 1 if any fails.",
    .examples = examples,
    .options = rows,
    .run = run,
};
