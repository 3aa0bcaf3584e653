/*
 * junit.c: the report as a JUnit test run, which every CI system shows: a suite a target, a failed case a
 * finding (a skipped one where it is allowed), and one case that says whether the target was scanned
 * completely. The form is what Jenkins' junit-4.xsd and GitLab have in common.
 */
#include "escape.h"
#include "instruction.h"
#include "output.h"
#include "place.h"

#include <inttypes.h>
#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>

static void print_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    silt_escape_print_markup_text(out, text);
    fputc('"', out);
}

static bool print_path(FILE *out, const struct silt_place *place)
{
    size_t size;
    char *path = silt_place_path_new(place, &size);
    if (path == NULL)
        return false;
    silt_escape_print_markup(out, (struct silt_span){(const uint8_t *)path, size});
    free(path);
    return true;
}

static bool print_place(FILE *out, const struct silt_finding *finding)
{
    bool is_whole = print_path(out, &finding->place);
    if (finding->line > 0 && finding->origin == SILT_ORIGIN_FILE)
        fprintf(out, ":%" PRIu64 ":%" PRIu64, finding->line, finding->column);
    return is_whole;
}

/* What a person wants to read in the failed case. */
static bool print_story(const struct silt_page *page, const struct silt_results_target *target,
                        const struct silt_finding *finding)
{
    FILE *out = page->file;
    char instruction[SILT_INSTRUCTION_SIZE];
    silt_escape_print_markup(out, page->shows_secrets ? finding->secret : finding->redacted);
    fputs("\nin ", out);
    bool is_whole = print_place(out, finding);
    fputs("\nof ", out);
    silt_escape_print_markup_text(out, target->info.name);
    if (finding->place.layer >= 0)
        fprintf(out, ", layer %d", finding->place.layer);
    if (finding->place.state != SILT_PRESENT)
        fprintf(out, ", %s later but still in the image", silt_state_name(finding->place.state));
    if (finding->created_by != NULL) {
        fputs("\nmade by ", out);
        silt_escape_print_markup_text(out, silt_instruction_print(finding->created_by, instruction));
    }
    fputs("\n\n", out);
    silt_escape_print_markup_text(out, finding->signature->remediation);
    fprintf(out, "\nfingerprint %s\n", finding->fingerprint);
    return is_whole;
}

static bool print_failure(const struct silt_page *page, const struct silt_results_target *target,
                          const struct silt_finding *finding)
{
    fputs("<failure", page->file);
    print_attribute(page->file, "type", silt_severity_name(finding->severity));
    print_attribute(page->file, "message", finding->signature->name);
    fputc('>', page->file);
    bool is_whole = print_story(page, target, finding);
    fputs("</failure>", page->file);
    return is_whole;
}

static void print_allowed(FILE *out, const struct silt_finding *finding)
{
    fprintf(out, "<skipped message=\"allowed by %s: ", finding->allowed_by);
    silt_escape_print_markup_text(out, finding->allowed_reason);
    fputs("\"/>", out);
}

static bool print_finding(const struct silt_page *page, const struct silt_results_target *target,
                          const struct silt_finding *finding)
{
    FILE *out = page->file;
    fputs("  <testcase", out);
    print_attribute(out, "classname", finding->signature->id);
    fputs(" name=\"", out);
    bool is_whole = print_place(out, finding);
    fputs("\" time=\"0\">\n   ", out);
    if (silt_results_is_allowed(finding))
        print_allowed(out, finding);
    else
        is_whole = is_whole && print_failure(page, target, finding);
    fputs("\n  </testcase>\n", out);
    return is_whole;
}

static bool print_lost(FILE *out, const struct silt_place *place, const char *what, const char *detail)
{
    fputs(what, out);
    if (place->path.size > 0 || place->chain_count > 0) {
        fputs(": ", out);
        if (!print_path(out, place))
            return false;
    }
    if (detail != NULL && detail[0] != '\0') {
        fputs(": ", out);
        silt_escape_print_markup_text(out, detail);
    }
    fputc('\n', out);
    return true;
}

/* The case that fails where something was not scanned. */
static bool print_completeness(FILE *out, const struct silt_results_target *target)
{
    bool is_whole = true;
    fputs("  <testcase classname=\"silt\" name=\"scanned completely\" time=\"0\"", out);
    if (target->is_complete) {
        fputs("/>\n", out);
        return true;
    }
    fputs(">\n   <error type=\"incomplete\" message=\"something could not be scanned\">", out);
    for (size_t i = 0; i < target->problem_count && is_whole; i++)
        is_whole = print_lost(out, &target->problems[i].place, silt_status_name(target->problems[i].status),
                              target->problems[i].message);
    for (size_t i = 0; i < target->skip_count && is_whole; i++)
        if (silt_skip_is_content(target->skips[i].reason))
            is_whole = print_lost(out, &target->skips[i].place,
                                  silt_skip_reason_name(target->skips[i].reason), target->skips[i].detail);
    fputs("</error>\n  </testcase>\n", out);
    return is_whole;
}

static void print_time(FILE *out, uint64_t ms)
{
    fprintf(out, " time=\"%" PRIu64 ".%03u\"", ms / 1000, (unsigned)(ms % 1000));
}

static bool print_suite(const struct silt_page *page, const struct silt_results_target *target)
{
    FILE *out = page->file;
    fputs(" <testsuite", out);
    print_attribute(out, "name", target->info.name);
    struct silt_results_counts counts;
    silt_results_count_target(target, &counts);
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%d\" skipped=\"%zu\"", target->finding_count + 1,
            counts.findings, !target->is_complete, counts.allowed);
    print_time(out, target->coverage.duration_ms);
    fputs(">\n", out);
    bool is_whole = print_completeness(out, target);
    for (size_t i = 0; i < target->finding_count && is_whole; i++)
        is_whole = print_finding(page, target, &target->findings[i]);
    fputs(" </testsuite>\n", out);
    return is_whole;
}

static bool print_end(struct silt_page *page, const struct silt_results *results)
{
    size_t errors = 0;
    uint64_t ms = 0;
    struct silt_results_counts counts;
    silt_results_count(results, &counts);
    for (size_t i = 0; i < results->count; i++) {
        errors += !results->targets[i].is_complete;
        ms += results->targets[i].coverage.duration_ms;
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"silt\"", page->file);
    fprintf(page->file, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
            counts.findings + counts.allowed + results->count, counts.findings, errors);
    print_time(page->file, ms);
    fputs(">\n", page->file);
    bool is_whole = true;
    for (size_t i = 0; i < results->count && is_whole; i++)
        is_whole = print_suite(page, &results->targets[i]);
    fputs("</testsuites>\n", page->file);
    return is_whole;
}

const struct silt_output silt_junit_output = {.name = "junit", .end = print_end};
