/*
 * parcel.c: results to JSON.
 */
#include "serve/parcel.h"

#include "output/document.h"

#include <stdio.h>

const char *silt_parcel_word(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value != NULL ? value : "";
}

int64_t silt_parcel_number(const json_t *object, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(object, key));
}

/* Why the scan is not complete: the first problem, else the first skip of content. */
static void tell_problem(const struct silt_results_target *target, char *out, size_t out_size)
{
    *out = '\0';
    if (target->has_ended && target->is_complete)
        return;
    if (target->problem_count > 0) {
        snprintf(out, out_size, "%s", target->problems[0].message);
        return;
    }
    for (size_t i = 0; i < target->skip_count; i++) {
        const struct silt_skip *skip = &target->skips[i];
        if (!silt_skip_is_content(skip->reason))
            continue;
        snprintf(out, out_size, "%s: %s", silt_skip_reason_name(skip->reason),
                 skip->detail != NULL ? skip->detail : "");
        return;
    }
    snprintf(out, out_size, "the scan did not end");
}

static uint64_t count_skips(const struct silt_results_target *target)
{
    uint64_t count = 0;
    for (int reason = 0; reason < SILT_RESULTS_REASONS; reason++)
        if (silt_skip_is_content((enum silt_skip_reason)reason))
            count += target->skips_by_reason[reason];
    return count;
}

static json_t *make_findings(const struct silt_results_target *target)
{
    json_t *array = json_array();
    for (size_t i = 0; i < target->finding_count; i++) {
        json_t *finding = silt_document_finding(target, &target->findings[i], false);
        silt_document_put(&finding, "full_path", silt_document_path(&target->findings[i].place));
        silt_document_append(&array, finding);
    }
    return array;
}

static void put_number(json_t **object, const char *key, uint64_t number)
{
    silt_document_put(object, key, json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number));
}

static json_t *make_target(const struct silt_results_target *target)
{
    const struct silt_coverage *coverage = &target->coverage;
    const struct silt_image *image = target->info.image;
    char problem[SILT_ERROR_SIZE];
    tell_problem(target, problem, sizeof problem);
    json_t *object = json_object();
    silt_document_put(&object, "image", image != NULL ? silt_document_image(image) : json_null());
    silt_document_put(&object, "complete", json_boolean(target->has_ended && target->is_complete));
    silt_document_put(&object, "problem", silt_document_string(problem));
    put_number(&object, "entries", coverage->entries);
    put_number(&object, "bytes", coverage->bytes);
    put_number(&object, "bytes_scanned", coverage->bytes_scanned);
    put_number(&object, "skipped", count_skips(target));
    put_number(&object, "cached_layers", coverage->cached_layers);
    put_number(&object, "duration_ms", coverage->duration_ms);
    silt_document_put(&object, "findings", make_findings(target));
    return object;
}

static json_t *make_reports(const struct silt_store_scan *scan)
{
    json_t *object = json_object();
    for (size_t i = 0; i < scan->report_count; i++) {
        const struct silt_store_report *report = &scan->reports[i];
        silt_document_put(&object, report->format,
                          silt_document_text((struct silt_span){report->data, report->size}));
    }
    return object;
}

json_t *silt_parcel_new(const struct silt_store_scan *scan, bool with_results)
{
    json_t *object = json_object(), *targets = json_array();
    const struct {
        const char *key, *value;
    } words[] = {{"schema", "silt.scan/1"},
                 {"registry", scan->registry},
                 {"repository", scan->repository},
                 {"digest", scan->digest},
                 {"tag", scan->tag},
                 {"tag_times", scan->tag_times},
                 {"origin", scan->origin},
                 {"signatures", scan->signatures}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        silt_document_put(&object, words[i].key,
                          silt_document_string(words[i].value != NULL ? words[i].value : ""));
    silt_document_put(&object, "pushed_ms", json_integer((json_int_t)scan->pushed_ms));
    if (!with_results) {
        json_decref(targets);
        return object;
    }
    for (size_t i = 0; i < scan->target_count; i++)
        silt_document_append(&targets, make_target(&scan->targets[i]));
    silt_document_put(&object, "targets", targets);
    silt_document_put(&object, "reports", make_reports(scan));
    return object;
}
