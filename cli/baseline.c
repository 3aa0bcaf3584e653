/*
 * baseline.c: findings that are known already (baseline.h).
 */
#include "baseline.h"

#include "escape.h"
#include "jsonfile.h"
#include "output/document.h"

#include <errno.h>
#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct silt_baseline_entry {
    const char *fingerprint, *reason; /* borrowed from the file */
    json_t *object;                   /* the same */
    bool is_expired, is_met;
};

static int compare_entries(const void *left, const void *right)
{
    const struct silt_baseline_entry *a = left, *b = right;
    return strcmp(a->fingerprint, b->fingerprint);
}

static bool read_entry(const struct silt_jsonfile_place *place, json_t *object,
                       struct silt_baseline_entry *out)
{
    static const char *const keys[] = {"fingerprint", "signature", "path",    "reason",
                                       "author",      "added",     "expires", NULL};
    const char *other;
    *out = (struct silt_baseline_entry){.object = object};
    if (!silt_jsonfile_check_keys(place, object, keys) ||
        !silt_jsonfile_text(place, object, "fingerprint", &out->fingerprint) ||
        !silt_jsonfile_text(place, object, "reason", &out->reason) ||
        !silt_jsonfile_text(place, object, "signature", &other) ||
        !silt_jsonfile_text(place, object, "path", &other) ||
        !silt_jsonfile_text(place, object, "author", &other) ||
        !silt_jsonfile_text(place, object, "added", &other) ||
        !silt_jsonfile_date(place, object, "expires", &other, &out->is_expired))
        return false;
    if (out->fingerprint == NULL || strlen(out->fingerprint) != 32)
        return silt_jsonfile_complain(place, "fingerprint", "it must be 32 hex digits");
    return true;
}

bool silt_baseline_load(struct silt_baseline *baseline, const char *path)
{
    static const char *const keys[] = {"schema", "findings", NULL};
    struct silt_jsonfile_place place = {path, NULL, 0};
    baseline->path = path;
    baseline->file = silt_jsonfile_load(path, "silt.baseline/1");
    if (baseline->file == NULL || !silt_jsonfile_check_keys(&place, baseline->file, keys))
        return false;
    json_t *findings = json_object_get(baseline->file, "findings"), *object;
    if (!json_is_array(findings))
        return silt_jsonfile_complain(&place, "findings", "it must be an array of entries");
    baseline->entries = calloc(json_array_size(findings) + 1, sizeof *baseline->entries);
    if (baseline->entries == NULL)
        return silt_jsonfile_complain(&place, NULL, "out of memory");
    size_t i;
    json_array_foreach(findings, i, object)
    {
        place = (struct silt_jsonfile_place){path, "entry", i + 1};
        if (!read_entry(&place, object, &baseline->entries[i]))
            return false;
        baseline->count++;
    }
    qsort(baseline->entries, baseline->count, sizeof *baseline->entries, compare_entries);
    return true;
}

static struct silt_baseline_entry *find_entry(const struct silt_baseline *baseline, const char *fingerprint)
{
    const struct silt_baseline_entry key = {.fingerprint = fingerprint};
    if (baseline->count == 0)
        return NULL;
    return bsearch(&key, baseline->entries, baseline->count, sizeof key, compare_entries);
}

const char *silt_baseline_find(struct silt_baseline *baseline, const struct silt_finding *finding)
{
    struct silt_baseline_entry *entry = find_entry(baseline, finding->fingerprint);
    if (entry == NULL)
        return NULL;
    entry->is_met = true;
    if (entry->is_expired)
        return NULL;
    return entry->reason != NULL ? entry->reason : "";
}

static void report_some(const struct silt_baseline *baseline, size_t count, const char *what)
{
    if (count == 0)
        return;
    fputs("silt: ", stderr);
    silt_escape_print_text(stderr, baseline->path);
    fprintf(stderr, ": %zu entr%s %s\n", count, count == 1 ? "y" : "ies", what);
}

void silt_baseline_report(const struct silt_baseline *baseline)
{
    size_t stale = 0, expired = 0;
    for (size_t i = 0; i < baseline->count; i++) {
        stale += !baseline->entries[i].is_met;
        expired += baseline->entries[i].is_expired && baseline->entries[i].is_met;
    }
    report_some(baseline, stale, "of secrets that are not there any more; --write-baseline leaves them out");
    report_some(baseline, expired, "of findings that are there have expired: they count again");
}

static json_t *make_entry(const struct silt_finding *finding, const struct silt_baseline_terms *terms)
{
    char today[11];
    silt_jsonfile_today(today);
    json_t *object = json_object();
    silt_document_put(&object, "fingerprint", silt_document_string(finding->fingerprint));
    silt_document_put(&object, "signature", silt_document_string(finding->signature->id));
    silt_document_put(&object, "path", silt_document_path(&finding->place));
    silt_document_put(&object, "reason", silt_document_string(terms->reason != NULL ? terms->reason : ""));
    silt_document_put(&object, "author", silt_document_string(terms->author));
    silt_document_put(&object, "added", json_string(today));
    silt_document_put(&object, "expires", silt_document_string(terms->expires));
    return object;
}

static bool is_for_baseline(const struct silt_finding *finding)
{
    return finding->allowed_by == NULL || strcmp(finding->allowed_by, "baseline") == 0;
}

/* The findings as entries: those that the old baseline has keep their words. */
static json_t *make_entries(const struct silt_baseline *old, const struct silt_results *results,
                            const struct silt_baseline_terms *terms)
{
    json_t *array = json_array();
    for (size_t i = 0; i < results->count; i++) {
        for (size_t j = 0; j < results->targets[i].finding_count; j++) {
            const struct silt_finding *finding = &results->targets[i].findings[j];
            const struct silt_baseline_entry *entry = find_entry(old, finding->fingerprint);
            if (!is_for_baseline(finding))
                continue;
            bool is_kept = entry != NULL && !entry->is_expired;
            silt_document_append(&array, is_kept ? json_incref(entry->object) : make_entry(finding, terms));
        }
    }
    bool is_complete = silt_results_is_complete(results);
    for (size_t i = 0; i < old->count && !is_complete; i++)
        if (!old->entries[i].is_met)
            silt_document_append(&array, json_incref(old->entries[i].object));
    return array;
}

static int compare_objects(const void *left, const void *right)
{
    json_t *const *a = left, *const *b = right;
    return strcmp(json_string_value(json_object_get(*a, "fingerprint")),
                  json_string_value(json_object_get(*b, "fingerprint")));
}

/* One entry a line, in the order of fingerprints and each once, so that a change reads well in a review. */
static bool print_entries(FILE *out, json_t *entries)
{
    size_t count = json_array_size(entries), i;
    json_t **rows = calloc(count + 1, sizeof(json_t *)), *row;
    if (rows == NULL)
        return false;
    json_array_foreach(entries, i, row) rows[i] = row;
    if (count > 0)
        qsort(rows, count, sizeof(json_t *), compare_objects);
    bool is_whole = true;
    const char *before = "\n  ";
    for (i = 0; i < count && is_whole; i++) {
        if (i > 0 && compare_objects(&rows[i - 1], &rows[i]) == 0)
            continue;
        fputs(before, out);
        before = ",\n  ";
        is_whole = silt_document_print(out, json_incref(rows[i]));
    }
    free(rows);
    return is_whole;
}

static bool complain(const char *path, const char *why)
{
    return silt_jsonfile_complain(&(struct silt_jsonfile_place){path, NULL, 0}, NULL, why);
}

bool silt_baseline_write(const struct silt_baseline *old, const struct silt_results *results,
                         const struct silt_baseline_terms *terms, const char *path)
{
    char *text = NULL;
    size_t size;
    json_t *entries = make_entries(old, results, terms);
    FILE *memory = open_memstream(&text, &size);
    if (entries == NULL || memory == NULL) {
        json_decref(entries);
        if (memory != NULL)
            fclose(memory);
        free(text);
        return complain(path, "out of memory");
    }
    fputs("{\"schema\": \"silt.baseline/1\", \"findings\": [", memory);
    bool is_whole = print_entries(memory, entries);
    fputs("]}\n", memory);
    is_whole = fclose(memory) == 0 && is_whole;
    json_decref(entries);
    if (!is_whole) {
        free(text);
        return complain(path, "out of memory");
    }
    FILE *file = fopen(path, "we");
    bool is_written = file != NULL && fwrite(text, 1, size, file) == size;
    is_written = file != NULL && fclose(file) == 0 && is_written;
    free(text);
    return is_written || complain(path, strerror(errno));
}

void silt_baseline_clear(struct silt_baseline *baseline)
{
    json_decref(baseline->file);
    free(baseline->entries);
    *baseline = (struct silt_baseline){0};
}
