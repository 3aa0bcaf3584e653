/*
 * markdown.c: a summary for job summaries and comments, in GitHub's and GitLab's Markdown: counts and the
 * worst findings in a table. Text from images is letters, digits and entities only, so that nothing in it is
 * markup, a mention or a link.
 */
#include "markdown.h"

#include "escape.h"
#include "place.h"
#include "style.h"

#include <ctype.h>
#include <inttypes.h>
#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_SHOWN = 200, CELL_COLUMNS = 160 }; /* well below the 1 MiB that GitHub takes for a step */

/* What escape.c made safe for a terminal, as entities: every ASCII character that Markdown could mean. */
static void print_entities(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        bool is_plain = (*text & 0x80) != 0 || isalnum((unsigned char)*text) || strchr(" ./-", *text) != NULL;
        fprintf(out, is_plain ? "%c" : "&#%d;", *text);
    }
}

static bool print_text(FILE *out, struct silt_span text)
{
    char *plain = NULL;
    size_t size;
    FILE *memory = open_memstream(&plain, &size);
    if (memory == NULL)
        return false;
    silt_escape_print_ends(memory, text, CELL_COLUMNS);
    bool is_whole = fclose(memory) == 0;
    if (is_whole)
        print_entities(out, plain);
    free(plain);
    return is_whole;
}

static bool print_string(FILE *out, const char *text)
{
    return print_text(out, (struct silt_span){(const uint8_t *)text, strlen(text)});
}

static bool print_place(FILE *out, const struct silt_finding *finding)
{
    size_t size;
    char *path = silt_place_path_new(&finding->place, &size);
    if (path == NULL)
        return false;
    bool is_whole = print_text(out, (struct silt_span){(const uint8_t *)path, size});
    free(path);
    if (finding->line > 0 && finding->origin == SILT_ORIGIN_FILE)
        fprintf(out, "&#58;%" PRIu64, finding->line);
    if (finding->place.layer >= 0)
        fprintf(out, ", layer %d", finding->place.layer);
    if (finding->place.state != SILT_PRESENT)
        fprintf(out, ", %s later", silt_state_name(finding->place.state));
    return is_whole;
}

static bool print_row(const struct silt_page *page, const struct silt_results_target *target,
                      const struct silt_finding *finding)
{
    FILE *out = page->file;
    fprintf(out, "| %s | ", silt_severity_name(finding->severity));
    bool is_whole = print_string(out, finding->signature->name);
    fputs(" | ", out);
    is_whole = is_whole && print_text(out, page->shows_secrets ? finding->secret : finding->redacted);
    fputs(" | ", out);
    is_whole = is_whole && print_string(out, target->info.name);
    fputs(" | ", out);
    is_whole = is_whole && print_place(out, finding);
    fputs(" |\n", out);
    return is_whole;
}

/* Rows of one severity; *left says how many more may come. */
static bool print_rows(const struct silt_page *page, const struct silt_results *results,
                       enum silt_severity severity, size_t *left)
{
    bool is_whole = true;
    for (size_t i = 0; i < results->count; i++) {
        const struct silt_results_target *target = &results->targets[i];
        for (size_t j = 0; j < target->finding_count && is_whole && *left > 0; j++) {
            if (target->findings[j].severity != severity || silt_results_is_allowed(&target->findings[j]))
                continue;
            is_whole = print_row(page, target, &target->findings[j]);
            --*left;
        }
    }
    return is_whole;
}

static bool print_table(const struct silt_page *page, const struct silt_results *results, size_t count)
{
    bool is_whole = true;
    size_t left = ROWS_SHOWN;
    fputs("\n| Severity | Secret | Redacted | Target | Place |\n| --- | --- | --- | --- | --- |\n",
          page->file);
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO && is_whole; severity--)
        is_whole = print_rows(page, results, (enum silt_severity)severity, &left);
    if (count > ROWS_SHOWN)
        fprintf(page->file, "\nand %zu more; the other reports have them all.\n", count - ROWS_SHOWN);
    fputs("\nRevoke each of them, make new ones, and keep them out of the build.\n", page->file);
    return is_whole;
}

bool silt_markdown_print(struct silt_page *page, const struct silt_results *results)
{
    struct silt_results_counts counts;
    silt_results_count(results, &counts);
    fprintf(page->file, "## silt: %zu secret%s in %zu target%s\n\n", counts.findings,
            silt_style_plural(counts.findings), results->count, silt_style_plural(results->count));
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--)
        if (counts.by_severity[severity] > 0)
            fprintf(page->file, "- %zu %s\n", counts.by_severity[severity],
                    silt_severity_name((enum silt_severity)severity));
    if (counts.allowed > 0)
        fprintf(page->file, "- %zu allowed\n", counts.allowed);
    if (!silt_results_is_complete(results))
        fputs("\n**The scan is incomplete**: something could not be read.\n", page->file);
    return counts.findings == 0 || print_table(page, results, counts.findings);
}

const struct silt_output silt_markdown_output = {.name = "markdown", .end = silt_markdown_print};
