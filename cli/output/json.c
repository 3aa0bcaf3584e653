/*
 * json.c: the whole report, schema silt.report/1. The frame is written by hand and each row by itself, so
 * that memory does not grow with the report; a finding is one line.
 */
#include "document.h"
#include "output.h"

#include <inttypes.h>
#include <silt/signatures.h>
#include <silt/version.h>

static bool print_member(FILE *out, const char *before, const char *key, json_t *value)
{
    fprintf(out, "%s\"%s\": ", before, key);
    return silt_document_print(out, value);
}

static json_t *make_tool(void)
{
    json_t *object = json_object();
    silt_document_put(&object, "name", json_string("silt"));
    silt_document_put(&object, "version", json_string(silt_version()));
    return object;
}

static json_t *make_signatures(const struct silt_signatures *set)
{
    json_t *object = json_object();
    silt_document_put(&object, "count", json_integer((json_int_t)silt_signatures_count(set)));
    silt_document_put(&object, "digest", silt_document_string(silt_signatures_digest(set)));
    return object;
}

static json_t *make_skip(const struct silt_skip *skip)
{
    json_t *object = json_object();
    silt_document_put(&object, "path", silt_document_path(&skip->place));
    silt_document_put(&object, "layer", silt_document_index(skip->place.layer));
    silt_document_put(&object, "reason", silt_document_string(silt_skip_reason_name(skip->reason)));
    silt_document_put(&object, "bytes", json_integer((json_int_t)skip->bytes));
    return object;
}

static json_t *make_error(const char *code, const char *message, const struct silt_place *place)
{
    json_t *object = json_object();
    silt_document_put(&object, "code", silt_document_string(code));
    silt_document_put(&object, "message", silt_document_string(message != NULL ? message : ""));
    silt_document_put(&object, "layer", silt_document_index(place->layer));
    silt_document_put(&object, "path", silt_document_path(place));
    return object;
}

static bool print_findings(struct silt_page *page, const struct silt_results_target *target)
{
    bool is_whole = true;
    fputs(",\n  \"findings\": [", page->file);
    for (size_t i = 0; i < target->finding_count && is_whole; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", page->file);
        is_whole = silt_document_print(
            page->file, silt_document_finding(target, &target->findings[i], page->shows_secrets));
    }
    fputs("]", page->file);
    return is_whole;
}

static bool print_coverage(FILE *out, const struct silt_results_target *target)
{
    const struct silt_coverage *coverage = &target->coverage;
    bool is_whole = true;
    fprintf(out,
            ",\n  \"coverage\": {\"entries\": %" PRIu64 ", \"bytes\": %" PRIu64
            ", \"bytes_scanned\": %" PRIu64 ", \"archives\": %" PRIu64 ", \"max_depth\": %" PRIu64
            ", \"cached_layers\": %" PRIu64 ",\n    \"skipped\": [",
            coverage->entries, coverage->bytes, coverage->bytes_scanned, coverage->archives,
            coverage->max_depth, coverage->cached_layers);
    for (size_t i = 0; i < target->skip_count && is_whole; i++) {
        fputs(i > 0 ? ",\n      " : "\n      ", out);
        is_whole = silt_document_print(out, make_skip(&target->skips[i]));
    }
    fputs("]}", out);
    return is_whole;
}

/* Problems, and one row for the skips that were counted but not kept. */
static bool print_errors(FILE *out, const struct silt_results_target *target)
{
    bool is_whole = true;
    uint64_t skips = 0;
    fputs(", \"errors\": [", out);
    for (size_t i = 0; i < target->problem_count && is_whole; i++) {
        const struct silt_problem *problem = &target->problems[i];
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        is_whole = silt_document_print(
            out, make_error(silt_status_name(problem->status), problem->message, &problem->place));
    }
    for (int reason = 0; reason < SILT_RESULTS_REASONS; reason++)
        skips += target->skips_by_reason[reason];
    if (skips > target->skip_count && is_whole) {
        char message[96];
        snprintf(message, sizeof message, "%" PRIu64 " more skipped places are not listed",
                 skips - target->skip_count);
        fputs(target->problem_count > 0 ? ",\n    " : "\n    ", out);
        is_whole = silt_document_print(
            out, make_error(silt_status_name(SILT_ERR_LIMIT), message, &(struct silt_place){.layer = -1}));
    }
    fputs("]", out);
    return is_whole;
}

static bool print_target(struct silt_page *page, const struct silt_results_target *target)
{
    FILE *out = page->file;
    bool is_whole =
        print_member(out, "\n {", "target", silt_document_string(target->info.name)) &&
        print_member(out, ", ", "kind", silt_document_string(silt_target_kind_name(target->info.kind)));
    if (target->info.image != NULL)
        is_whole = is_whole && print_member(out, ",\n  ", "image", silt_document_image(target->info.image));
    is_whole = is_whole && print_findings(page, target) && print_coverage(out, target);
    fprintf(out, ",\n  \"complete\": %s", target->is_complete ? "true" : "false");
    is_whole = is_whole && print_errors(out, target);
    fprintf(out, ", \"duration_ms\": %" PRIu64 "}", target->coverage.duration_ms);
    return is_whole;
}

static json_t *make_summary(const struct silt_results *results)
{
    struct silt_results_counts counts;
    silt_results_count(results, &counts);
    json_t *object = json_object(), *severities = json_object();
    for (int severity = SILT_RESULTS_SEVERITIES - 1; severity >= 0; severity--)
        silt_document_put(&severities, silt_severity_name((enum silt_severity)severity),
                          json_integer((json_int_t)counts.by_severity[severity]));
    silt_document_put(&object, "findings", json_integer((json_int_t)counts.findings));
    silt_document_put(&object, "by_severity", severities);
    silt_document_put(&object, "allowed", json_integer((json_int_t)counts.allowed));
    silt_document_put(&object, "base", json_integer((json_int_t)counts.base));
    silt_document_put(&object, "complete", json_boolean(silt_results_is_complete(results)));
    return object;
}

static bool print_end(struct silt_page *page, const struct silt_results *results)
{
    FILE *out = page->file;
    bool is_whole = print_member(out, "{", "schema", json_string("silt.report/1")) &&
                    print_member(out, ",\n", "tool", make_tool()) &&
                    print_member(out, ", ", "signatures", make_signatures(results->signatures));
    fputs(",\n\"targets\": [", out);
    for (size_t i = 0; i < results->count && is_whole; i++) {
        fputs(i > 0 ? "," : "", out);
        is_whole = print_target(page, &results->targets[i]);
    }
    fputs("],\n", out);
    is_whole = is_whole && print_member(out, "", "summary", make_summary(results));
    fputs("}\n", out);
    return is_whole;
}

const struct silt_output silt_json_output = {.name = "json", .end = print_end};
