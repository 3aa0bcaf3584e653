/*
 * show.c: the command `silt signatures show`: everything about a signature, for reading.
 */
#include "command.h"
#include "escape.h"
#include "rules.h"
#include "wrap.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, LABEL_COLUMNS = 14 };

struct settings {
    struct silt_words files;
};

static const struct silt_option rows[] = {
    {.name = "signatures",
     .argument = "FILE|DIR",
     .help = "add these signatures to silt's own; may repeat",
     .group = "Options",
     .environment = "SILT_SIGNATURES",
     .kind = SILT_OPTION_WORDS,
     .offset = offsetof(struct settings, files)},
    {.name = NULL},
};

/* A label and running text behind it; nothing for an empty one. */
static void print_text(const char *label, const char *text)
{
    if (text[0] == '\0')
        return;
    printf("  %-*s", LABEL_COLUMNS - 2, label);
    silt_wrap_print(stdout, text, LABEL_COLUMNS, LABEL_COLUMNS, WIDTH);
}

/* A value that must not be wrapped. */
static void print_value(const char *label, const char *value)
{
    if (value[0] == '\0')
        return;
    printf("  %-*s", LABEL_COLUMNS - 2, label);
    silt_escape_print_text(stdout, value);
    putchar('\n');
}

static void print_values(const char *label, const char *const *values)
{
    for (; values != NULL && *values != NULL; values++) {
        print_value(label, *values);
        label = "";
    }
}

static void print_judging(const struct silt_signature *signature)
{
    char number[64];
    print_value("pattern", signature->pattern);
    print_value("prefilter", signature->prefilter);
    print_value("in files", signature->path);
    print_values("keywords", signature->keywords);
    if (signature->keywords != NULL && signature->keywords[0] != NULL) {
        snprintf(number, sizeof number, "%u bytes around the match", signature->within);
        print_value("within", number);
    }
    print_values("validators", signature->validators);
    if (signature->min_score > 0) {
        snprintf(number, sizeof number, "%.2f", signature->min_score);
        print_value("min score", number);
    }
    if (signature->companion[0] != '\0') {
        snprintf(number, sizeof number, " within %u bytes", signature->companion_within);
        printf("  %-*s%s%s\n", LABEL_COLUMNS - 2, "companion", signature->companion, number);
    }
    print_values("allow", signature->allow);
}

static void print_signature(const struct silt_signature *signature)
{
    silt_escape_print_text(stdout, signature->id);
    fputs(": ", stdout);
    silt_escape_print_text(stdout, signature->name);
    fputs("\n\n", stdout);
    print_value("provider", signature->provider);
    print_value("severity", silt_severity_name(signature->severity));
    print_value("confidence", silt_confidence_name(signature->confidence));
    print_text("what it is", signature->description);
    print_text("what to do", signature->remediation);
    print_values("read on", signature->references);
    print_judging(signature);
    print_values("found", signature->examples_match);
    print_values("not found", signature->examples_no_match);
    print_value("file", signature->file);
}

/* Names the nearest id, as for a mistyped option. */
static bool refuse_id(const struct silt_signatures *set, const char *id)
{
    size_t count = silt_signatures_count(set);
    const char **ids = calloc(count + 1, sizeof *ids);
    for (size_t i = 0; ids != NULL && i < count; i++)
        ids[i] = silt_signatures_at(set, i)->id;
    const char *nearest = ids != NULL ? silt_options_nearest(id, ids) : NULL;
    free(ids);
    fputs("silt: there is no signature ", stderr);
    silt_escape_print_text(stderr, id);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean %s?", nearest);
    fputs("\n  silt signatures list has them all.\n", stderr);
    return false;
}

static bool print_all(const struct silt_signatures *set, const struct silt_words *ids)
{
    for (size_t i = 0; i < ids->count; i++) {
        const struct silt_signature *signature = silt_signatures_find(set, ids->items[i]);
        if (signature == NULL)
            return refuse_id(set, ids->items[i]);
        fputs(i > 0 ? "\n" : "", stdout);
        print_signature(signature);
    }
    return true;
}

static int run(const struct silt_command *command, char *const *words)
{
    struct settings settings = {0};
    struct silt_words ids = {0};
    struct silt_rules rules = {0};
    const struct silt_rules_choice choice = {.files = &settings.files};
    bool is_good = silt_options_parse(command->options, words, &settings, &ids, stderr);
    if (is_good && ids.count == 0) {
        fputs("silt: name a signature: silt signatures show ID\n", stderr);
        is_good = false;
    }
    is_good = is_good && silt_rules_load(&rules, &choice, false) && print_all(rules.set, &ids);
    silt_rules_clear(&rules);
    silt_words_clear(&ids);
    silt_options_clear(command->options, &settings);
    return is_good && silt_command_end_output() ? SILT_EXIT_CLEAN : SILT_EXIT_USAGE;
}

static const char *const examples[] = {"silt signatures show github.pat", "one kind", NULL};

const struct silt_command silt_show_command = {
    .name = "show",
    .usage = "[OPTIONS] ID...",
    .summary = "tell everything about a signature",
    .text = "Tells everything about signatures: what the secret is, how it is found, what to do about one.",
    .examples = examples,
    .options = rows,
    .run = run,
};
