/*
 * options_test.c: the table of `silt scan`'s options, parsed, and the defaults that they promise.
 */
#include "scan_options.h"

#include "output/output.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <silt/scanner.h>
#include <stdlib.h>
#include <string.h>

static struct silt_scan_settings settings;
static struct silt_words operands;
static char complaint[512];

/* Parses words; what it complains about is in `complaint`. */
static bool parse(char *const *words)
{
    memset(complaint, 0, sizeof complaint);
    silt_options_clear(silt_scan_options_rows, &settings);
    silt_words_clear(&operands);
    memset(&settings, 0, sizeof settings);
    FILE *errors = fmemopen(complaint, sizeof complaint - 1, "w");
    bool is_good = silt_options_parse(silt_scan_options_rows, words, &settings, &operands, errors);
    fclose(errors);
    return is_good;
}

static void clear(void)
{
    silt_options_clear(silt_scan_options_rows, &settings);
    silt_words_clear(&operands);
}

#define PARSE(...) parse((char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

TestSuite(options, .fini = clear);

Test(options, defaults_are_those_of_the_engine)
{
    struct silt_scan_options engine;
    silt_scan_options_init(&engine);
    cr_assert(PARSE());
    cr_expect_eq(settings.max_depth, engine.max_depth);
    cr_expect_eq(settings.max_ratio, engine.max_ratio);
    cr_expect_eq(settings.max_memory, engine.max_memory);
    cr_expect_eq(settings.max_entry_size, engine.max_entry_size);
    cr_expect_eq(settings.max_total_size, engine.max_total_size);
    cr_expect_eq(settings.timeout_ms, engine.timeout_ms);
    cr_assert_eq(settings.fail_on.count, 2);
    cr_expect_str_eq(settings.fail_on.items[0], "low");
    cr_expect_str_eq(settings.fail_on.items[1], "new");
    cr_expect_eq(settings.min_confidence, SILT_CONFIDENCE_MEDIUM);
    cr_expect_str_eq(silt_output_names[settings.format], "table");
}

Test(options, take_values_in_every_form)
{
    cr_assert(PARSE("--format", "json", "a.tar", "--max-depth=3", "-osarif.json", "-qj", "4", "-", "--",
                    "--quiet"));
    cr_expect_str_eq(silt_output_names[settings.format], "json");
    cr_expect_eq(settings.max_depth, 3);
    cr_expect_str_eq(settings.output, "sarif.json");
    cr_expect(settings.quiet);
    cr_expect_eq(settings.jobs, 4);
    cr_assert_eq(operands.count, 3);
    cr_expect_str_eq(operands.items[0], "a.tar");
    cr_expect_str_eq(operands.items[1], "-");
    cr_expect_str_eq(operands.items[2], "--quiet");
}

Test(options, repeat)
{
    cr_assert(PARSE("--disable", "a.b, c.*", "--disable=d", "--report", "json=a,b", "--report", "sarif=c",
                    "--fail-on", "high", "--fail-on=critical"));
    cr_assert_eq(settings.disable.count, 3);
    cr_expect_str_eq(settings.disable.items[1], "c.*");
    cr_assert_eq(settings.reports.count, 2);
    cr_expect_str_eq(settings.reports.items[0], "json=a,b");
    cr_assert_eq(settings.fail_on.count, 4);
    cr_expect_str_eq(settings.fail_on.items[3], "critical");
}

Test(options, lists_of_choices_hold_nothing_else)
{
    cr_assert(PARSE("--fail-on", "high, any"));
    cr_expect_str_eq(settings.fail_on.items[3], "any");
    clear();
    cr_expect_not(PARSE("--fail-on", "high,newest"));
    cr_expect_not_null(strstr(complaint, "newest is not one of its values"));
    cr_expect_not_null(strstr(complaint, "did you mean new?"));
}

Test(options, read_sizes_and_durations)
{
    cr_assert(PARSE("--max-memory", "1GiB", "--max-entry-size=512k", "--max-total-size", "none", "--timeout",
                    "1h30m"));
    cr_expect_eq(settings.max_memory, UINT64_C(1) << 30);
    cr_expect_eq(settings.max_entry_size, 512 * 1024);
    cr_expect_eq(settings.max_total_size, 0);
    cr_expect_eq(settings.timeout_ms, 5400 * 1000);
}

Test(options, the_command_line_wins_over_the_environment)
{
    setenv("SILT_FORMAT", "sarif", 1);
    setenv("SILT_QUIET", "1", 1);
    setenv("SILT_ONLY", "a,b", 1);
    cr_assert(PARSE("--format", "json"));
    cr_expect_str_eq(silt_output_names[settings.format], "json");
    cr_expect(settings.quiet);
    cr_expect_eq(settings.only.count, 2);
    setenv("SILT_QUIET", "maybe", 1);
    cr_expect_not(PARSE());
    cr_expect_not_null(strstr(complaint, "SILT_QUIET: maybe is not 1 or 0"));
}

Test(options, show_secrets_is_not_in_the_environment)
{
    for (const struct silt_option *row = silt_scan_options_rows; row->name != NULL; row++)
        if (strcmp(row->name, "show-secrets") == 0)
            cr_expect_null(row->environment);
}

Test(options, wrong_usage_is_explained)
{
    static const struct {
        char *words[3];
        const char *says;
    } cases[] = {
        {{"--fromat", "json", NULL}, "no option --fromat; did you mean --format?"},
        {{"--format=jsn", NULL}, "did you mean json?"},
        {{"--max-depth", "x", NULL}, "a whole number from 0 to 64"},
        {{"--max-depth=65", NULL}, "a whole number from 0 to 64"},
        {{"--max-ratio=-1", NULL}, "a whole number from 1"},
        {{"--max-memory=12Q", NULL}, "a size such as"},
        {{"--max-memory=99999999999999999999", NULL}, "a size such as"},
        {{"--max-memory=99999999999G", NULL}, "a size such as"},
        {{"--timeout=5x", NULL}, "a duration such as"},
        {{"--timeout=", NULL}, "a duration such as"},
        {{"--output", NULL}, "--output needs a value: --output FILE"},
        {{"-o", NULL}, "-o needs a value"},
        {{"--quiet=1", NULL}, "--quiet takes no value"},
        {{"-x", NULL}, "no option -x"},
        {{"--zzzzzzzzzzzz", NULL}, "no option --zzzzzzzzzzzz\n"},
        {{"--\033[31m", NULL}, "no option --\\x1b[31m"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_not(parse((char *const *)cases[i].words), "%s", cases[i].words[0]);
        cr_expect_not_null(strstr(complaint, cases[i].says), "%s says: %s", cases[i].words[0], complaint);
    }
}

/* SILT_ and the option's name, so that nobody has to look it up. */
Test(options, stand_in_the_environment_under_their_names)
{
    static const char *const typed_only[] = {"show-secrets", "password-stdin", "catalog"};
    for (const struct silt_option *row = silt_scan_options_rows; row->name != NULL; row++) {
        char variable[64] = "SILT_";
        for (size_t i = 0; i <= strlen(row->name); i++)
            variable[5 + i] = row->name[i] == '-' ? '_' : (char)toupper((unsigned char)row->name[i]);
        bool is_typed = false; /* these are to be asked for on that run */
        for (size_t i = 0; i < sizeof typed_only / sizeof *typed_only; i++)
            is_typed = is_typed || strcmp(row->name, typed_only[i]) == 0;
        cr_expect_eq(row->environment == NULL, is_typed, "%s", row->name);
        cr_expect(is_typed || strcmp(row->environment, variable) == 0, "%s", row->name);
    }
}

Test(options, presets_win_over_fallbacks_only)
{
    static const struct silt_option_preset presets[] = {
        {"jobs", "3", "f: jobs"},        {"max-depth", "4", "f: max-depth"},
        {"format", "json", "f: format"}, {"allow-incomplete", "true", "f: allow-incomplete"},
        {"only", "a,b", "f: only"},      {0}};
    static const struct silt_option_preset wrong[] = {{"jobs", "many", "f.json: jobs"}, {0}};
    char *const words[] = {"--format", "sarif", "--fail-on-incomplete", "--only", "c", NULL};
    setenv("SILT_MAX_DEPTH", "5", 1);
    setenv("SILT_REPORT", "json=a b\nsarif=c\n", 1);
    cr_assert(silt_options_parse_over(silt_scan_options_rows, presets, words, &settings, &operands, stderr));
    cr_expect_eq(settings.jobs, 3);
    cr_expect_eq(settings.max_depth, 5);
    cr_expect_str_eq(silt_output_names[settings.format], "sarif");
    cr_expect_not(settings.allow_incomplete);
    cr_expect_eq(settings.only.count, 3);
    cr_assert_eq(settings.reports.count, 2);
    cr_expect_str_eq(settings.reports.items[0], "json=a b");
    clear();
    memset(&settings, 0, sizeof settings);
    FILE *errors = fmemopen(complaint, sizeof complaint - 1, "w");
    cr_expect_not(
        silt_options_parse_over(silt_scan_options_rows, wrong, words, &settings, &operands, errors));
    fclose(errors);
    cr_expect_not_null(strstr(complaint, "f.json: jobs: many is not a whole number"), "%s", complaint);
}

Test(options, rows_are_whole)
{
    for (const struct silt_option *row = silt_scan_options_rows; row->name != NULL; row++) {
        cr_expect_not_null(row->help, "%s", row->name);
        cr_expect_not_null(row->group, "%s", row->name);
        cr_expect_eq(row->argument == NULL, row->kind == SILT_OPTION_FLAG, "%s", row->name);
        cr_expect(row->choices != NULL || row->kind != SILT_OPTION_CHOICE, "%s", row->name);
        cr_expect(row->choices == NULL || row->kind == SILT_OPTION_CHOICE || row->kind == SILT_OPTION_PARTS,
                  "%s", row->name);
        cr_expect(row->kind != SILT_OPTION_NUMBER || row->most > row->least, "%s", row->name);
        cr_expect(row->environment == NULL || strncmp(row->environment, "SILT_", 5) == 0, "%s", row->name);
    }
}

Test(options, help_is_asked_for_before_the_operands_end)
{
    cr_expect(silt_options_ask_help((char *const[]){"a", "-h", NULL}));
    cr_expect(silt_options_ask_help((char *const[]){"--help", NULL}));
    cr_expect_not(silt_options_ask_help((char *const[]){"--", "--help", NULL}));
}
