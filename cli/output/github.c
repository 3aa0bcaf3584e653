/*
 * github.c: what a step of GitHub Actions shows: an annotation a finding as workflow commands, and the
 * summary of the step, appended to the file that GITHUB_STEP_SUMMARY names. GitHub shows ten annotations of a
 * level, so the worst come first. A command is one line, and its text has no line breaks and no percent sign
 * of its own (docs.github.com, Workflow commands for GitHub Actions).
 */
#include "escape.h"
#include "instruction.h"
#include "markdown.h"
#include "place.h"

#include <errno.h>
#include <inttypes.h>
#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>

static const char *const levels[] = {"notice", "notice", "warning", "error", "error"};

/* Text of a command, safe for the log as well; properties may not hold what parts them. */
static bool print_text(FILE *out, struct silt_span text, const char *forbidden)
{
    char *plain = NULL;
    size_t size;
    FILE *memory = open_memstream(&plain, &size);
    if (memory == NULL)
        return false;
    silt_escape_print(memory, text);
    bool is_whole = fclose(memory) == 0;
    for (size_t i = 0; is_whole && i < size; i++)
        fprintf(out, strchr(forbidden, plain[i]) != NULL ? "%%%02X" : "%c", (unsigned char)plain[i]);
    free(plain);
    return is_whole;
}

static bool print_data(FILE *out, struct silt_span text)
{
    return print_text(out, text, "%");
}

static bool print_property(FILE *out, struct silt_span text)
{
    return print_text(out, text, "%:,");
}

static struct silt_span span_of(const char *text)
{
    return (struct silt_span){(const uint8_t *)text, strlen(text)};
}

/* Where the file is one of the repository's, GitHub shows the annotation beside its line. */
static bool print_file(FILE *out, const struct silt_results_target *target,
                       const struct silt_finding *finding)
{
    const char *name = target->info.name;
    bool is_directory = target->info.kind == SILT_TARGET_DIRECTORY;
    bool is_file = target->info.kind == SILT_TARGET_FILE && finding->place.chain_count == 0;
    if ((!is_directory && !is_file) || finding->origin != SILT_ORIGIN_FILE)
        return true;
    name += strncmp(name, "dir:", 4) == 0 ? 4 : strncmp(name, "file:", 5) == 0 ? 5 : 0;
    name += strncmp(name, "./", 2) == 0 ? 2 : 0;
    struct silt_span inner = finding->place.chain_count > 0 ? finding->place.chain[0] : finding->place.path;
    bool is_here = strcmp(name, ".") == 0 || name[0] == '\0', is_whole = true;
    fputs("file=", out);
    if (!is_directory || !is_here)
        is_whole = print_property(out, span_of(name));
    if (is_directory && !is_here && name[strlen(name) - 1] != '/')
        fputc('/', out);
    if (is_directory)
        is_whole = is_whole && print_property(out, inner);
    if (finding->line > 0 && finding->place.chain_count == 0)
        fprintf(out, ",line=%" PRIu64 ",col=%" PRIu64, finding->line, finding->column);
    fputc(',', out);
    return is_whole;
}

static bool print_message(const struct silt_page *page, const struct silt_results_target *target,
                          const struct silt_finding *finding)
{
    FILE *out = page->file;
    size_t size;
    char instruction[SILT_INSTRUCTION_SIZE], *path = silt_place_path_new(&finding->place, &size);
    if (path == NULL)
        return false;
    bool is_whole = print_data(out, page->shows_secrets ? finding->secret : finding->redacted);
    fputs(" in ", out);
    is_whole = is_whole && print_data(out, (struct silt_span){(const uint8_t *)path, size});
    free(path);
    if (finding->line > 0 && finding->origin == SILT_ORIGIN_FILE)
        fprintf(out, ":%" PRIu64, finding->line);
    fputs(" of ", out);
    is_whole = is_whole && print_data(out, span_of(target->info.name));
    if (finding->place.layer >= 0)
        fprintf(out, ", layer %d", finding->place.layer);
    if (finding->place.state != SILT_PRESENT)
        fprintf(out, ", %s later but still in the image", silt_state_name(finding->place.state));
    if (finding->created_by != NULL) {
        fputs(", made by ", out);
        is_whole =
            is_whole && print_data(out, span_of(silt_instruction_print(finding->created_by, instruction)));
    }
    fputs(". ", out);
    return is_whole && print_data(out, span_of(finding->signature->remediation));
}

static bool print_annotation(const struct silt_page *page, const struct silt_results_target *target,
                             const struct silt_finding *finding)
{
    FILE *out = page->file;
    fprintf(out, "::%s ", levels[finding->severity]);
    bool is_whole = print_file(out, target, finding);
    fputs("title=", out);
    is_whole = is_whole && print_property(out, span_of(finding->signature->name));
    fputs("::", out);
    is_whole = is_whole && print_message(page, target, finding);
    fputc('\n', out);
    return is_whole;
}

static bool print_severity(const struct silt_page *page, const struct silt_results *results,
                           enum silt_severity severity)
{
    bool is_whole = true;
    for (size_t i = 0; i < results->count; i++) {
        const struct silt_results_target *target = &results->targets[i];
        for (size_t j = 0; j < target->finding_count && is_whole; j++)
            if (target->findings[j].severity == severity && !silt_results_is_allowed(&target->findings[j]))
                is_whole = print_annotation(page, target, &target->findings[j]);
    }
    return is_whole;
}

static bool print_incomplete(FILE *out, const struct silt_results *results)
{
    bool is_whole = true;
    for (size_t i = 0; i < results->count && is_whole; i++) {
        if (results->targets[i].is_complete)
            continue;
        fputs("::warning title=Scan incomplete::something in ", out);
        is_whole = print_data(out, span_of(results->targets[i].info.name));
        fputs(" could not be scanned\n", out);
    }
    return is_whole;
}

/* Appends the step's summary; a failed write is the page's. */
static bool append_summary(struct silt_page *page, const struct silt_results *results)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    if (path == NULL || path[0] == '\0')
        return true;
    struct silt_page summary;
    FILE *file = fopen(path, "ae");
    if (file == NULL) {
        page->failure = page->failure != 0 ? page->failure : errno;
        return true;
    }
    silt_page_init(&summary, file, page->width);
    summary.shows_secrets = page->shows_secrets;
    bool is_whole = silt_markdown_print(&summary, results);
    int failure = silt_page_close(&summary);
    page->failure = page->failure != 0 ? page->failure : failure;
    return is_whole;
}

static bool print_end(struct silt_page *page, const struct silt_results *results)
{
    bool is_whole = true;
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO && is_whole; severity--)
        is_whole = print_severity(page, results, (enum silt_severity)severity);
    return is_whole && print_incomplete(page->file, results) && append_summary(page, results);
}

const struct silt_output silt_github_output = {.name = "github", .end = print_end};
