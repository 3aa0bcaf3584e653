/*
 * gitlab.c: GitLab's secret detection report, schema 15.2.4, as its merge requests and vulnerability report
 * read it. It has no word for what is allowed, so that stands in the messages as a number. GitLab refuses the
 * whole file when one field breaks the schema. Every finding must name a commit there; where nobody knows it,
 * this report is refused rather than filled with a made-up one.
 */
#include "document.h"
#include "draft.h"
#include "output.h"

#include <silt/signatures.h>
#include <silt/version.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 255, SOLUTION_SIZE = 7000 }; /* the schema's maxLength */

static const char *const severities[] = {"Info", "Low", "Medium", "High", "Critical"};

static const char no_commit[] =
    "this format names the commit of every finding, and none is known: give --commit SHA, or set "
    "CI_COMMIT_SHA, "
    "or build the image with the label org.opencontainers.image.revision; --format sarif needs none";

static bool is_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* The commit that a target was built from, or NULL. */
static const char *find_commit(const struct silt_results *results, const struct silt_results_target *target)
{
    const char *pipeline = getenv("CI_COMMIT_SHA");
    if (is_given(results->occasion.commit))
        return results->occasion.commit;
    if (is_given(pipeline))
        return pipeline;
    const struct silt_image *image = target->info.image;
    return image != NULL && is_given(image->revision) ? image->revision : NULL;
}

/* Not more characters of a text than the schema allows. Code points are counted, as JSON Schema does. */
static json_t *make_cut(const char *text, size_t most)
{
    size_t size = 0;
    for (size_t count = 0; text[size] != '\0'; size++) {
        count += ((uint8_t)text[size] & 0xC0) != 0x80;
        if (count > most)
            break;
    }
    return silt_document_text((struct silt_span){(const uint8_t *)text, size});
}

static json_t *make_tool(void)
{
    json_t *object = json_object(), *vendor = json_object();
    silt_document_put(&vendor, "name", json_string("silt"));
    silt_document_put(&object, "id", json_string("silt"));
    silt_document_put(&object, "name", json_string("silt"));
    silt_document_put(&object, "version", json_string(silt_version()));
    silt_document_put(&object, "vendor", vendor);
    return object;
}

static json_t *make_time(time_t seconds)
{
    char text[32];
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
        return json_string("1970-01-01T00:00:00");
    return json_string(text);
}

static void put_message(json_t **messages, const char *level, const struct silt_results_target *target,
                        const struct silt_place *place, const char *what, const char *detail)
{
    struct silt_draft draft;
    json_t *object = json_object();
    silt_document_put(&object, "level", json_string(level));
    json_t *value = NULL;
    if (silt_draft_begin(&draft)) {
        fprintf(draft.file, "%s: ", target->info.name);
        for (size_t i = 0; i < place->chain_count; i++)
            fprintf(draft.file, "%.*s!/", (int)place->chain[i].size, (const char *)place->chain[i].data);
        if (place->path.size > 0)
            fprintf(draft.file, "%.*s: ", (int)place->path.size, (const char *)place->path.data);
        fputs(what, draft.file);
        if (is_given(detail))
            fprintf(draft.file, ": %s", detail);
        value = silt_draft_end(&draft);
    }
    silt_document_put(&object, "value", value);
    silt_document_append(messages, object);
}

static void put_allowed(json_t **messages, const struct silt_results_target *target)
{
    struct silt_results_counts counts;
    char what[64];
    silt_results_count_target(target, &counts);
    snprintf(what, sizeof what, "%zu findings are allowed and not listed", counts.allowed);
    if (counts.allowed > 0)
        put_message(messages, "info", target, &(struct silt_place){.layer = -1}, what, "");
}

/* What was not scanned; what was passed over by design is no message. */
static json_t *make_messages(const struct silt_results *results)
{
    json_t *messages = json_array();
    for (size_t i = 0; i < results->count; i++) {
        const struct silt_results_target *target = &results->targets[i];
        for (size_t j = 0; j < target->problem_count; j++)
            put_message(&messages, "warn", target, &target->problems[j].place,
                        silt_status_name(target->problems[j].status), target->problems[j].message);
        for (size_t j = 0; j < target->skip_count; j++)
            if (silt_skip_is_content(target->skips[j].reason))
                put_message(&messages, "warn", target, &target->skips[j].place,
                            silt_skip_reason_name(target->skips[j].reason), target->skips[j].detail);
        put_allowed(&messages, target);
    }
    return messages;
}

static json_t *make_scan(const struct silt_results *results)
{
    json_t *object = json_object();
    silt_document_put(&object, "analyzer", make_tool());
    silt_document_put(&object, "scanner", make_tool());
    silt_document_put(&object, "type", json_string("secret_detection"));
    silt_document_put(&object, "start_time", make_time(results->occasion.began));
    silt_document_put(&object, "end_time", make_time(results->occasion.ended));
    silt_document_put(&object, "status",
                      json_string(silt_results_is_complete(results) ? "success" : "failure"));
    silt_document_put(&object, "messages", make_messages(results));
    return object;
}

static json_t *make_identifiers(const struct silt_signature *signature)
{
    json_t *array = json_array(), *object = json_object();
    silt_document_put(&object, "type", json_string("silt_signature"));
    silt_document_put(&object, "name", silt_document_string(signature->id));
    silt_document_put(&object, "value", silt_document_string(signature->id));
    if (signature->references[0] != NULL && silt_document_is_uri(signature->references[0]))
        silt_document_put(&object, "url", silt_document_string(signature->references[0]));
    silt_document_append(&array, object);
    return array;
}

static json_t *make_links(const struct silt_signature *signature)
{
    json_t *array = json_array();
    for (size_t i = 0; signature->references[i] != NULL; i++) {
        if (!silt_document_is_uri(signature->references[i]))
            continue;
        json_t *object = json_object();
        silt_document_put(&object, "url", silt_document_string(signature->references[i]));
        silt_document_append(&array, object);
    }
    return array;
}

static json_t *make_location(const struct silt_finding *finding, const char *commit)
{
    json_t *object = json_object(), *sha = json_object();
    silt_document_put(&sha, "sha", silt_document_string(commit));
    json_t *path = silt_document_path(&finding->place);
    if (path != NULL && json_is_string(path))
        silt_document_put(&object, "file", json_incref(path));
    if (finding->line > 0) {
        silt_document_put(&object, "start_line", json_integer((json_int_t)finding->line));
        silt_document_put(&object, "end_line", json_integer((json_int_t)finding->line));
    }
    silt_document_put(&object, "commit", path != NULL ? sha : NULL);
    if (path == NULL)
        json_decref(sha);
    json_decref(path);
    return object;
}

/* A row of the details that GitLab shows under a vulnerability. */
static void put_detail(json_t **details, const char *key, const char *name, json_t *value)
{
    json_t *object = json_object();
    silt_document_put(&object, "type", json_string("text"));
    silt_document_put(&object, "name", json_string(name));
    silt_document_put(&object, "value", value);
    silt_document_put(details, key, object);
}

static json_t *make_details(const struct silt_results_target *target, const struct silt_finding *finding)
{
    const struct silt_image_layer *layer = silt_results_layer(&target->info, finding->place.layer);
    json_t *details = json_object();
    put_detail(&details, "target", "Target", silt_document_string(target->info.name));
    put_detail(&details, "secret", "Secret", silt_document_text(finding->redacted));
    if (layer != NULL && layer->digest != NULL)
        put_detail(&details, "layer", "Layer", silt_document_string(layer->digest));
    if (finding->created_by != NULL)
        put_detail(&details, "instruction", "Instruction", silt_document_string(finding->created_by));
    put_detail(&details, "state", "State", json_string(silt_state_name(finding->place.state)));
    put_detail(&details, "confidence", "Confidence", json_string(silt_confidence_name(finding->confidence)));
    return details;
}

static json_t *make_vulnerability(const struct silt_page *page, const struct silt_results_target *target,
                                  const struct silt_finding *finding, const char *commit)
{
    const struct silt_signature *signature = finding->signature;
    json_t *object = json_object();
    silt_document_put(&object, "id", silt_document_string(finding->fingerprint));
    silt_document_put(&object, "category", json_string("secret_detection"));
    silt_document_put(&object, "name", make_cut(signature->name, NAME_SIZE));
    silt_document_put(&object, "description", silt_document_string(signature->description));
    silt_document_put(&object, "severity", json_string(severities[finding->severity]));
    silt_document_put(&object, "solution", make_cut(signature->remediation, SOLUTION_SIZE));
    silt_document_put(&object, "identifiers", make_identifiers(signature));
    silt_document_put(&object, "links", make_links(signature));
    silt_document_put(&object, "location", make_location(finding, commit));
    silt_document_put(&object, "raw_source_code_extract",
                      silt_document_text(page->shows_secrets ? finding->secret : finding->redacted));
    silt_document_put(&object, "details", make_details(target, finding));
    return object;
}

static bool print_vulnerabilities(struct silt_page *page, const struct silt_results *results)
{
    bool is_whole = true;
    const char *before = "\n  ";
    for (size_t i = 0; i < results->count; i++) {
        const struct silt_results_target *target = &results->targets[i];
        const char *commit = find_commit(results, target);
        for (size_t j = 0; j < target->finding_count && is_whole; j++) {
            if (silt_results_is_allowed(&target->findings[j]))
                continue;
            fputs(before, page->file);
            before = ",\n  ";
            is_whole = silt_document_print(page->file,
                                           make_vulnerability(page, target, &target->findings[j], commit));
        }
    }
    return is_whole;
}

static bool is_refused(const struct silt_results *results)
{
    struct silt_results_counts counts;
    silt_results_count(results, &counts);
    for (size_t i = 0; i < results->count && counts.findings > 0; i++)
        if (results->targets[i].finding_count > 0 && find_commit(results, &results->targets[i]) == NULL)
            return true;
    return false;
}

static bool print_end(struct silt_page *page, const struct silt_results *results)
{
    if (is_refused(results)) {
        page->refusal = no_commit;
        return true;
    }
    fputs("{\"version\": \"15.2.4\",\n \"scan\": ", page->file);
    bool is_whole = silt_document_print(page->file, make_scan(results));
    fputs(",\n \"vulnerabilities\": [", page->file);
    is_whole = is_whole && print_vulnerabilities(page, results);
    fputs("]}\n", page->file);
    return is_whole;
}

const struct silt_output silt_gitlab_output = {.name = "gitlab", .end = print_end};
