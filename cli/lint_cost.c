/*
 * lint_cost.c: measures what signatures cost (silt_cost_measure) and prints it as a table or as JSON.
 */
#include "lint_cost.h"

#include "command.h"
#include "escape.h"
#include "output/document.h"
#include "rules.h"

#include <string.h>
#include <unistd.h>

enum { ROWS = 20 };

/* Shows how far it is, where a person looks on. */
static bool show_progress(void *context, double part)
{
    if (*(const bool *)context)
        fprintf(stderr, "\rmeasuring: %3.0f %%", part < 1 ? part * 100 : 100);
    return true;
}

static bool measure(const struct silt_rules *rules, const char *corpus, struct silt_costs *out)
{
    struct silt_error error = {0};
    bool is_shown = isatty(STDERR_FILENO) == 1;
    enum silt_status status =
        silt_cost_measure(rules->ruleset, corpus, 0, show_progress, &is_shown, out, &error);
    if (is_shown)
        fputs("\r\033[K", stderr);
    if (status == SILT_OK)
        return true;
    fputs("silt: ", stderr);
    silt_escape_print_text(stderr, error.message);
    fputc('\n', stderr);
    return false;
}

/* Whether a signature comes from one of the files, or from a file in one of the directories, that were named.
 */
static bool is_named(const struct silt_words *files, const struct silt_signature *signature)
{
    for (size_t i = 0; i < files->count; i++) {
        size_t size = strlen(files->items[i]);
        if (strncmp(signature->file, files->items[i], size) == 0 &&
            (signature->file[size] == '\0' || signature->file[size] == '/'))
            return true;
    }
    return false;
}

/* The ids as wide as the widest that is shown. */
static int measure_ids(const struct silt_lint_cost *request, const struct silt_costs *costs)
{
    size_t columns = strlen("signature");
    for (size_t i = 0; i < costs->count; i++) {
        const struct silt_signature *signature = costs->items[i].signature;
        size_t size = strlen(signature->id);
        if ((i < ROWS || is_named(request->files, signature)) && size > columns)
            columns = size;
    }
    return (int)columns;
}

static double ns_per_candidate(const struct silt_cost *cost)
{
    return cost->candidates > 0 ? cost->confirm_ns / cost->candidates : 0;
}

static void print_row(const struct silt_cost *cost, const struct silt_costs *costs, int columns)
{
    double percent = 100 / (costs->match_ns + costs->confirm_ns);
    printf("%-*s %6.2f %% %6.2f %% %s%5.2f ±%5.2f %% %10.2f %10.3f %8.0f\n", columns, cost->signature->id,
           100 * cost->share, percent * cost->confirm_ns, cost->group > 1 ? "≤" : " ",
           percent * cost->group_ns, percent * cost->error_ns, cost->candidates, cost->confirmed,
           ns_per_candidate(cost));
}

static void print_table(const struct silt_lint_cost *request, const struct silt_costs *costs)
{
    int columns = measure_ids(request, costs);
    printf("%-*s %8s %8s %16s %10s %10s %8s\n", columns, "signature", "share", "confirm", "find",
           "candidates", "confirmed", "ns each");
    for (size_t i = 0; i < costs->count; i++)
        if (i < ROWS || is_named(request->files, costs->items[i].signature))
            print_row(&costs->items[i], costs, columns);
    printf("\n%zu signatures over %.1f MB: %.2f ns a byte to find candidates (timed on %.1f MB), %.2f to "
           "confirm "
           "them.\n",
           costs->count, (double)costs->bytes / 1e6, costs->match_ns / 1e6, (double)costs->sample_bytes / 1e6,
           costs->confirm_ns / 1e6);
    puts("Candidates and confirmed: a MB. ns each: to confirm one candidate. ≤: found with others, of which\n"
         "none adds more; share has an even part of it. silt signatures lint --help says more.");
}

static json_t *describe_cost(const struct silt_cost *cost)
{
    json_t *object = json_object();
    silt_document_put(&object, "id", silt_document_string(cost->signature->id));
    silt_document_put(&object, "file", silt_document_string(cost->signature->file));
    silt_document_put(&object, "share", json_real(cost->share));
    silt_document_put(&object, "candidates_per_mb", json_real(cost->candidates));
    silt_document_put(&object, "confirmed_per_mb", json_real(cost->confirmed));
    silt_document_put(&object, "ns_per_candidate", json_real(ns_per_candidate(cost)));
    silt_document_put(&object, "confirm_ns_per_mb", json_real(cost->confirm_ns));
    silt_document_put(&object, "match_ns_per_mb", json_real(cost->match_ns));
    silt_document_put(&object, "group", json_integer(cost->group));
    silt_document_put(&object, "group_ns_per_mb", json_real(cost->group_ns));
    silt_document_put(&object, "error_ns_per_mb", json_real(cost->error_ns));
    return object;
}

static bool print_json(const struct silt_lint_cost *request, const struct silt_costs *costs)
{
    json_t *object = json_object(), *list = json_array();
    for (size_t i = 0; i < costs->count; i++)
        silt_document_append(&list, describe_cost(&costs->items[i]));
    silt_document_put(&object, "corpus", silt_document_string(request->corpus));
    silt_document_put(&object, "bytes", json_integer((json_int_t)costs->bytes));
    silt_document_put(&object, "sample_bytes", json_integer((json_int_t)costs->sample_bytes));
    silt_document_put(&object, "match_ns_per_mb", json_real(costs->match_ns));
    silt_document_put(&object, "confirm_ns_per_mb", json_real(costs->confirm_ns));
    silt_document_put(&object, "signatures", list);
    bool is_whole = silt_document_print(stdout, object);
    putchar('\n');
    return is_whole;
}

static bool print(const struct silt_lint_cost *request, const struct silt_costs *costs)
{
    if (request->is_json)
        return print_json(request, costs);
    print_table(request, costs);
    return true;
}

int silt_lint_cost(const struct silt_lint_cost *request)
{
    struct silt_rules rules = {0};
    struct silt_costs costs = {0};
    const struct silt_rules_choice choice = {.files = request->files};
    bool is_good = silt_rules_load(&rules, &choice, false) && silt_rules_compile(&rules, &choice) &&
                   measure(&rules, request->corpus, &costs) && print(request, &costs);
    silt_costs_clear(&costs);
    silt_rules_clear(&rules);
    return is_good ? SILT_EXIT_CLEAN : SILT_EXIT_USAGE;
}
