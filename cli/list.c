/*
 * list.c: the command `silt signatures list`.
 */
#include "command.h"
#include "escape.h"
#include "output/document.h"
#include "rules.h"

#include <fnmatch.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

struct settings {
    int format, severity;
    const char *provider, *family;
    struct silt_words files;
};

enum { TABLE, JSON };
static const char *const formats[] = {"table", "json", NULL};
static const char *const severities[] = {"info", "low", "medium", "high", "critical", NULL};

static const struct silt_option rows[] = {
    {.name = "format",
     .letter = 'f',
     .argument = "FORMAT",
     .help = "what the list is written as",
     .fallback = "table",
     .group = "Options",
     .kind = SILT_OPTION_CHOICE,
     .choices = formats,
     .offset = offsetof(struct settings, format)},
    {.name = "provider",
     .argument = "NAME",
     .help = "only those of a provider, such as GitHub; * stands for anything, case does not matter",
     .group = "Options",
     .kind = SILT_OPTION_TEXT,
     .offset = offsetof(struct settings, provider)},
    {.name = "family",
     .argument = "NAME",
     .help = "only those of a family, which is the name of their file, such as cloud; * stands for anything",
     .group = "Options",
     .kind = SILT_OPTION_TEXT,
     .offset = offsetof(struct settings, family)},
    {.name = "severity",
     .argument = "SEVERITY",
     .help = "only those of this severity or above",
     .fallback = "info",
     .group = "Options",
     .kind = SILT_OPTION_CHOICE,
     .choices = severities,
     .offset = offsetof(struct settings, severity)},
    {.name = "signatures",
     .argument = "FILE|DIR",
     .help = "add these signatures to silt's own; may repeat",
     .group = "Options",
     .environment = "SILT_SIGNATURES",
     .kind = SILT_OPTION_WORDS,
     .offset = offsetof(struct settings, files)},
    {.name = NULL},
};

/* A family is a file: its name without what stands before and behind. */
static struct silt_span family_of(const struct silt_signature *signature)
{
    const char *slash = strrchr(signature->file, '/');
    const char *name = slash != NULL ? slash + 1 : signature->file;
    const char *dot = strrchr(name, '.');
    return (struct silt_span){(const uint8_t *)name, dot != NULL ? (size_t)(dot - name) : strlen(name)};
}

static bool is_of_family(const struct silt_signature *signature, const char *wanted)
{
    char name[NAME_MAX + 1];
    struct silt_span family = family_of(signature);
    snprintf(name, sizeof name, "%.*s", (int)family.size, (const char *)family.data);
    return fnmatch(wanted, name, FNM_CASEFOLD) == 0;
}

static bool is_chosen(const struct settings *settings, const struct silt_signature *signature)
{
    if ((int)signature->severity < settings->severity)
        return false;
    if (settings->family != NULL && !is_of_family(signature, settings->family))
        return false;
    return settings->provider == NULL || fnmatch(settings->provider, signature->provider, FNM_CASEFOLD) == 0;
}

static json_t *make_strings(const char *const *items)
{
    json_t *array = json_array();
    for (; items != NULL && *items != NULL; items++)
        silt_document_append(&array, silt_document_string(*items));
    return array;
}

static bool print_json_row(const struct silt_signature *signature, bool is_first)
{
    json_t *object = json_object();
    silt_document_put(&object, "id", silt_document_string(signature->id));
    silt_document_put(&object, "name", silt_document_string(signature->name));
    silt_document_put(&object, "provider", silt_document_string(signature->provider));
    silt_document_put(&object, "family", silt_document_text(family_of(signature)));
    silt_document_put(&object, "severity", silt_document_string(silt_severity_name(signature->severity)));
    silt_document_put(&object, "confidence",
                      silt_document_string(silt_confidence_name(signature->confidence)));
    silt_document_put(&object, "validators", make_strings(signature->validators));
    silt_document_put(&object, "description", silt_document_string(signature->description));
    silt_document_put(&object, "file", silt_document_string(signature->file));
    fputs(is_first ? "\n " : ",\n ", stdout);
    return silt_document_print(stdout, object);
}

static void print_cell(const char *text, size_t columns)
{
    struct silt_span span = {(const uint8_t *)text, strlen(text)};
    size_t used = silt_escape_columns(span);
    silt_escape_print(stdout, span);
    printf("%*s", (int)(used < columns ? columns - used : 0) + 2, "");
}

/* The widest id and severity, so that columns stand under each other. */
static size_t measure_ids(const struct settings *settings, const struct silt_signatures *set)
{
    size_t columns = 0;
    for (size_t i = 0; i < silt_signatures_count(set); i++) {
        const struct silt_signature *signature = silt_signatures_at(set, i);
        size_t size = strlen(signature->id);
        if (is_chosen(settings, signature) && size > columns)
            columns = size;
    }
    return columns;
}

static bool print_list(const struct settings *settings, const struct silt_signatures *set)
{
    size_t columns = measure_ids(settings, set), count = 0;
    bool is_whole = true, is_json = settings->format == JSON;
    fputs(is_json ? "[" : "", stdout);
    for (size_t i = 0; i < silt_signatures_count(set) && is_whole; i++) {
        const struct silt_signature *signature = silt_signatures_at(set, i);
        if (!is_chosen(settings, signature))
            continue;
        if (is_json) {
            is_whole = print_json_row(signature, count == 0);
        } else {
            print_cell(signature->id, columns);
            print_cell(silt_severity_name(signature->severity), strlen("critical"));
            silt_escape_print_text(stdout, signature->name);
            putchar('\n');
        }
        count++;
    }
    if (is_json)
        fputs("\n]\n", stdout);
    else
        printf("\n%zu signature%s; silt signatures show ID tells about one\n", count, count == 1 ? "" : "s");
    return is_whole;
}

static int run(const struct silt_command *command, char *const *words)
{
    struct settings settings = {0};
    struct silt_words operands = {0};
    struct silt_rules rules = {0};
    const struct silt_rules_choice choice = {.files = &settings.files};
    bool is_good = silt_options_parse(command->options, words, &settings, &operands, stderr);
    if (is_good && operands.count > 0) {
        fputs("silt: list takes no arguments; --provider, --family and --severity choose\n", stderr);
        is_good = false;
    }
    is_good = is_good && silt_rules_load(&rules, &choice, false) && print_list(&settings, rules.set);
    silt_rules_clear(&rules);
    silt_words_clear(&operands);
    silt_options_clear(command->options, &settings);
    return is_good && silt_command_end_output() ? SILT_EXIT_CLEAN : SILT_EXIT_USAGE;
}

static const char *const examples[] = {"silt signatures list --severity critical",
                                       "the worst kinds",
                                       "silt signatures list --provider github --format json",
                                       "all of one provider, for a program",
                                       "silt signatures list --family 'c*' --severity high",
                                       "those of cloud, chat, ci and containers that matter most",
                                       NULL};

const struct silt_command silt_list_command = {
    .name = "list",
    .usage = "[OPTIONS]",
    .summary = "list signatures",
    .text = "Lists signatures: those that came with silt, and those added.",
    .examples = examples,
    .options = rows,
    .run = run,
};
