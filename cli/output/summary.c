/*
 * summary.c: the end of the report for people: what was found in all, and what to do next.
 */
#include "summary.h"

#include "escape.h"
#include "style.h"
#include "wrap.h"

#include <silt/signatures.h>
#include <string.h>

enum { KINDS_SHOWN = 5, RUNNING_TEXT = 100, TARGETS_SHOWN = 20 };

static void print_counts(const struct silt_page *page, const size_t by_severity[SILT_RESULTS_SEVERITIES])
{
    const char *before = ": ";
    for (int severity = SILT_RESULTS_SEVERITIES - 1; severity >= 0; severity--) {
        if (by_severity[severity] == 0)
            continue;
        fputs(before, page->file);
        silt_style_begin(page, silt_style_severities[severity]);
        fprintf(page->file, "%zu %s", by_severity[severity],
                silt_severity_name((enum silt_severity)severity));
        silt_style_end(page);
        before = ", ";
    }
}

static void print_target(const struct silt_page *page, const struct silt_results_target *target,
                         const struct silt_results_counts *counts)
{
    fputs("  ", page->file);
    silt_escape_print_text(page->file, target->info.name);
    print_counts(page, counts->by_severity);
    fputs(counts->findings == 0 ? ": none" : "", page->file);
    fputs(target->is_complete ? "\n" : ", incomplete\n", page->file);
}

/* A line for each of several targets; of many, only for those with something to tell. */
static void print_targets(const struct silt_page *page, const struct silt_results *results)
{
    size_t left_out = 0;
    for (size_t i = 0; i < results->count && results->count > 1; i++) {
        const struct silt_results_target *target = &results->targets[i];
        struct silt_results_counts counts;
        silt_results_count_target(target, &counts);
        if (results->count > TARGETS_SHOWN && counts.findings == 0 && target->is_complete)
            left_out++;
        else
            print_target(page, target, &counts);
    }
    if (left_out > 0)
        fprintf(page->file, "  %zu other%s: none\n", left_out, silt_style_plural(left_out));
}

static void print_left_out(const struct silt_page *page, const struct silt_results *results)
{
    size_t low = 0, medium = 0;
    for (size_t i = 0; i < results->count; i++) {
        low += results->targets[i].left_out[SILT_CONFIDENCE_LOW];
        medium += results->targets[i].left_out[SILT_CONFIDENCE_MEDIUM];
    }
    if (medium > 0)
        fprintf(page->file, "%zu more at medium confidence, see --min-confidence medium\n", medium);
    if (low > 0)
        fprintf(page->file, "%zu more at low confidence, see --min-confidence low\n", low);
}

/* What is there and does not count, or not for the exit code. */
static void print_set_apart(const struct silt_page *page, const struct silt_results_counts *counts)
{
    if (counts->allowed > 0)
        fprintf(page->file, "%zu more %s allowed, see --show-allowed\n", counts->allowed,
                counts->allowed == 1 ? "is" : "are");
    if (counts->base > 0)
        fprintf(page->file, "%zu of them in layers of the base image\n", counts->base);
}

static void print_summary(const struct silt_page *page, const struct silt_results *results,
                          const struct silt_results_counts *counts)
{
    size_t count = counts->findings;
    fputc('\n', page->file);
    print_targets(page, results);
    if (count > 0) {
        char text[64];
        snprintf(text, sizeof text, "%zu secret%s", count, silt_style_plural(count));
        silt_style_print(page, SILT_STYLE_BOLD, text);
        if (results->count > 1)
            fprintf(page->file, " in %zu targets", results->count);
        print_counts(page, counts->by_severity);
        fputc('\n', page->file);
    }
    bool is_complete = silt_results_is_complete(results);
    if (count == 0) {
        silt_style_print(page, is_complete ? SILT_STYLE_GREEN : SILT_STYLE_BOLD, "No secrets found");
        fputs(is_complete ? "\n" : " in what could be read\n", page->file);
    }
    print_set_apart(page, counts);
    print_left_out(page, results);
    if (!is_complete) {
        silt_style_print(page, SILT_STYLE_YELLOW, "The scan is incomplete");
        fputs(": see above for what was not scanned\n", page->file);
    }
}

/* The kinds of secret found, the worst first; of those with the same advice only the first. */
struct kinds {
    const struct silt_signature *items[KINDS_SHOWN];
    size_t count;
    bool has_more;
};

static void add_kind(struct kinds *kinds, const struct silt_signature *signature)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->items[i]->remediation, signature->remediation) == 0)
            return;
    kinds->has_more = kinds->has_more || kinds->count == KINDS_SHOWN;
    if (kinds->count < KINDS_SHOWN)
        kinds->items[kinds->count++] = signature;
}

static void add_kinds(struct kinds *kinds, const struct silt_results_target *target,
                      enum silt_severity severity)
{
    for (size_t i = 0; i < target->finding_count; i++)
        if (target->findings[i].severity == severity && !silt_results_is_allowed(&target->findings[i]))
            add_kind(kinds, target->findings[i].signature);
}

static void collect_kinds(const struct silt_results *results, struct kinds *kinds)
{
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--)
        for (size_t i = 0; i < results->count; i++)
            add_kinds(kinds, &results->targets[i], (enum silt_severity)severity);
}

static bool has_removed(const struct silt_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->targets[i].finding_count; j++)
            if (results->targets[i].findings[j].place.state != SILT_PRESENT)
                return true;
    return false;
}

/* What to do next. */
static void print_advice(const struct silt_page *page, const struct silt_results *results)
{
    struct kinds kinds = {0};
    size_t width = page->width < RUNNING_TEXT ? page->width : RUNNING_TEXT;
    collect_kinds(results, &kinds);
    fputc('\n', page->file);
    silt_style_print(page, SILT_STYLE_BOLD, "What to do next");
    fputs("\n  ", page->file);
    silt_wrap_print(
        page->file,
        "Whoever can pull the image or read the artifact has these secrets: revoke each one, make a "
        "new one, and keep it out of the build (RUN --mount=type=secret).",
        2, 2, width);
    if (has_removed(results)) {
        fputs("  ", page->file);
        silt_wrap_print(page->file, "Deleting a file in a later layer only hides it: build again without it.",
                        2, 2, width);
    }
    for (size_t i = 0; i < kinds.count; i++) {
        fputs("\n  ", page->file);
        silt_style_print(page, SILT_STYLE_BOLD, kinds.items[i]->name);
        silt_style_begin(page, SILT_STYLE_DIM);
        fprintf(page->file, "  silt signatures show %s", kinds.items[i]->id);
        silt_style_end(page);
        fputs("\n    ", page->file);
        silt_wrap_print(page->file, kinds.items[i]->remediation, 4, 4, width);
    }
    fputs(kinds.has_more ? "\n  More kinds were found; " : "\n  ", page->file);
    fputs("--format json has everything about every finding.\n", page->file);
}

bool silt_summary_print(struct silt_page *page, const struct silt_results *results)
{
    struct silt_results_counts counts;
    silt_results_count(results, &counts);
    print_summary(page, results, &counts);
    if (counts.findings > 0)
        print_advice(page, results);
    return true;
}
