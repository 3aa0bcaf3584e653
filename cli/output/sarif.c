/*
 * sarif.c: SARIF 2.1.0 (OASIS, errata 01), as code scanning services read it. One run for the whole scan:
 * rules are the signatures that found something, layers are logical locations, skips and problems are
 * notifications of the invocation. Columns are bytes: SARIF has no word for that, so they are off behind
 * non-ASCII text in a line.
 */
#include "document.h"
#include "draft.h"
#include "output.h"

#include <inttypes.h>
#include <silt/signatures.h>
#include <silt/version.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static const char *const levels[] = {"note", "note", "warning", "error", "error"};
static const char *const security_severities[] = {"0.5", "3.0", "5.5", "8.0", "9.5"};

static json_t *make_message(json_t *text)
{
    json_t *object = json_object();
    silt_document_put(&object, "text", text);
    return object;
}

/* Help as Markdown: what it is, what to do, where to read on. */
static json_t *make_markdown(const struct silt_signature *signature)
{
    struct silt_draft draft;
    if (!silt_draft_begin(&draft))
        return NULL;
    fprintf(draft.file, "%s\n\n**What to do:** %s\n", signature->description, signature->remediation);
    for (size_t i = 0; signature->references[i] != NULL; i++)
        fprintf(draft.file, "%s- <%s>\n", i == 0 ? "\n" : "", signature->references[i]);
    return silt_draft_end(&draft);
}

static json_t *make_help(const struct silt_signature *signature)
{
    struct silt_draft draft;
    if (!silt_draft_begin(&draft))
        return NULL;
    fprintf(draft.file, "%s\nWhat to do: %s", signature->description, signature->remediation);
    json_t *object = json_object();
    silt_document_put(&object, "text", silt_draft_end(&draft));
    silt_document_put(&object, "markdown", make_markdown(signature));
    return object;
}

static json_t *make_rule_properties(const struct silt_signature *signature)
{
    json_t *object = json_object(), *tags = json_array();
    silt_document_append(&tags, json_string("security"));
    silt_document_append(&tags, json_string("secret"));
    if (signature->provider[0] != '\0' && strcmp(signature->provider, "secret") != 0)
        silt_document_append(&tags, silt_document_string(signature->provider));
    silt_document_put(&object, "tags", tags);
    silt_document_put(&object, "precision",
                      silt_document_string(silt_confidence_name(signature->confidence)));
    silt_document_put(&object, "security-severity", json_string(security_severities[signature->severity]));
    return object;
}

static json_t *make_rule(const struct silt_signature *signature)
{
    json_t *object = json_object(), *level = json_object();
    silt_document_put(&level, "level", json_string(levels[signature->severity]));
    silt_document_put(&object, "id", silt_document_string(signature->id));
    silt_document_put(&object, "name", silt_document_string(signature->name));
    silt_document_put(&object, "shortDescription", make_message(silt_document_string(signature->name)));
    silt_document_put(&object, "fullDescription", make_message(silt_document_string(signature->description)));
    silt_document_put(&object, "help", make_help(signature));
    if (signature->references[0] != NULL && silt_document_is_uri(signature->references[0]))
        silt_document_put(&object, "helpUri", json_string(signature->references[0]));
    silt_document_put(&object, "defaultConfiguration", level);
    silt_document_put(&object, "properties", make_rule_properties(signature));
    return object;
}

/* Appends a part of a path, percent-encoded (RFC 3986, section 2.1); colons too, so that it names no scheme.
 */
static void print_uri_part(FILE *out, struct silt_span part)
{
    for (size_t i = 0; i < part.size; i++) {
        uint8_t byte = part.data[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= '0' && byte <= '9') ||
                        (byte != '\0' && strchr("/-._~!$&'()*+,;=@", byte) != NULL);
        fprintf(out, is_plain ? "%c" : "%%%02X", byte);
    }
}

static json_t *make_uri(const struct silt_place *place)
{
    struct silt_draft draft;
    if (!silt_draft_begin(&draft))
        return NULL;
    for (size_t i = 0; i < place->chain_count; i++) {
        print_uri_part(draft.file, place->chain[i]);
        fputs("!/", draft.file);
    }
    print_uri_part(draft.file, place->path);
    return silt_draft_end(&draft);
}

static json_t *make_region(const struct silt_finding *finding)
{
    json_t *object = json_object();
    if (finding->line > 0)
        silt_document_put(&object, "startLine", json_integer((json_int_t)finding->line));
    if (finding->line > 0 && finding->column > 0)
        silt_document_put(&object, "startColumn", json_integer((json_int_t)finding->column));
    silt_document_put(&object, "byteOffset", json_integer((json_int_t)finding->offset));
    return object;
}

/* The layer that a place is in. */
static json_t *make_logical_locations(const struct silt_target_info *target, int index)
{
    const struct silt_image_layer *layer = silt_results_layer(target, index);
    const char *digest = layer == NULL ? NULL : layer->digest != NULL ? layer->digest : layer->diff_id;
    char name[32];
    snprintf(name, sizeof name, "layer %d", index);
    json_t *object = json_object(), *array = json_array();
    silt_document_put(&object, "name", json_string(name));
    silt_document_put(&object, "fullyQualifiedName", silt_document_string(digest != NULL ? digest : name));
    silt_document_put(&object, "kind", json_string("module"));
    silt_document_append(&array, object);
    return array;
}

/* `finding` is NULL for a place without a region. */
static json_t *make_location(const struct silt_target_info *target, const struct silt_place *place,
                             const struct silt_finding *finding)
{
    json_t *object = json_object(), *physical = json_object(), *artifact = json_object();
    silt_document_put(&artifact, "uri", make_uri(place));
    silt_document_put(&physical, "artifactLocation", artifact);
    if (finding != NULL)
        silt_document_put(&physical, "region", make_region(finding));
    silt_document_put(&object, "physicalLocation", physical);
    if (place->layer >= 0)
        silt_document_put(&object, "logicalLocations", make_logical_locations(target, place->layer));
    return object;
}

static json_t *make_locations(const struct silt_target_info *target, const struct silt_place *place,
                              const struct silt_finding *finding)
{
    json_t *array = json_array();
    silt_document_append(&array, make_location(target, place, finding));
    return array;
}

/* Prints text of an image into a message. Brackets would be a link there (SARIF 2.1.0, section 3.11.6). */
static void print_plain(FILE *out, struct silt_span text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '[' || text.data[i] == ']' || text.data[i] == '\\')
            fputc('\\', out);
        fputc(text.data[i], out);
    }
}

static json_t *make_result_message(const struct silt_finding *finding, bool shows_secret)
{
    struct silt_draft draft;
    if (!silt_draft_begin(&draft))
        return NULL;
    const struct silt_place *place = &finding->place;
    fprintf(draft.file, "%s ", finding->signature->name);
    print_plain(draft.file, shows_secret ? finding->secret : finding->redacted);
    fputs(" in ", draft.file);
    for (size_t i = 0; i < place->chain_count; i++) {
        print_plain(draft.file, place->chain[i]);
        fputs("!/", draft.file);
    }
    print_plain(draft.file, place->path);
    if (finding->line > 0)
        fprintf(draft.file, ":%" PRIu64, finding->line);
    if (place->layer >= 0)
        fprintf(draft.file, ", layer %d", place->layer);
    if (place->state != SILT_PRESENT)
        fprintf(draft.file, ", %s later but still in the image", silt_state_name(place->state));
    return make_message(silt_draft_end(&draft));
}

static json_t *make_result_properties(const struct silt_target_info *target,
                                      const struct silt_finding *finding)
{
    json_t *object = json_object();
    silt_document_put(&object, "target", silt_document_string(target->name));
    silt_document_put(&object, "severity", silt_document_string(silt_severity_name(finding->severity)));
    silt_document_put(&object, "confidence", silt_document_string(silt_confidence_name(finding->confidence)));
    silt_document_put(&object, "origin", silt_document_string(silt_origin_name(finding->origin)));
    silt_document_put(&object, "state", silt_document_string(silt_state_name(finding->place.state)));
    if (finding->package != NULL)
        silt_document_put(&object, "package", silt_document_package(finding->package));
    if (finding->created_by != NULL)
        silt_document_put(&object, "created_by", silt_document_string(finding->created_by));
    return object;
}

static json_t *make_related(const struct silt_target_info *target, const struct silt_finding *finding)
{
    json_t *array = json_array();
    for (size_t i = 0; i < finding->also_at_count; i++)
        silt_document_append(&array, make_location(target, &finding->also_at[i], NULL));
    return array;
}

/* What allows a result (section 3.35). Readers of code scanning close those by themselves. */
static json_t *make_suppressions(const struct silt_finding *finding)
{
    json_t *array = json_array(), *object = json_object();
    bool is_comment = strcmp(finding->allowed_by, "comment") == 0;
    silt_document_put(&object, "kind", json_string(is_comment ? "inSource" : "external"));
    silt_document_put(&object, "justification", silt_document_string(finding->allowed_reason));
    silt_document_append(&array, object);
    return array;
}

static json_t *make_result(const struct silt_target_info *target, const struct silt_finding *finding,
                           bool shows_secret)
{
    json_t *object = json_object(), *fingerprints = json_object();
    silt_document_put(&fingerprints, "silt/v1", silt_document_string(finding->fingerprint));
    silt_document_put(&object, "ruleId", silt_document_string(finding->signature->id));
    silt_document_put(&object, "level", json_string(levels[finding->severity]));
    silt_document_put(&object, "message", make_result_message(finding, shows_secret));
    silt_document_put(&object, "locations", make_locations(target, &finding->place, finding));
    if (finding->also_at_count > 0)
        silt_document_put(&object, "relatedLocations", make_related(target, finding));
    silt_document_put(&object, "partialFingerprints", fingerprints);
    if (silt_results_is_allowed(finding))
        silt_document_put(&object, "suppressions", make_suppressions(finding));
    silt_document_put(&object, "properties", make_result_properties(target, finding));
    return object;
}

/* A skip or a problem, as a notification of the tool (section 3.58). */
static json_t *make_notification(const struct silt_results_target *target, const struct silt_place *place,
                                 const char *id, const char *level, json_t *text)
{
    json_t *object = json_object(), *descriptor = json_object();
    silt_document_put(&descriptor, "id", silt_document_string(id));
    silt_document_put(&object, "descriptor", descriptor);
    silt_document_put(&object, "level", json_string(level));
    silt_document_put(&object, "message", make_message(text));
    if (place->path.size > 0 || place->chain_count > 0)
        silt_document_put(&object, "locations", make_locations(&target->info, place, NULL));
    return object;
}

static json_t *make_skip(const struct silt_results_target *target, const struct silt_skip *skip)
{
    const char *detail = skip->detail != NULL ? skip->detail : "";
    const char *reason = silt_skip_reason_name(skip->reason);
    struct silt_draft draft;
    if (!silt_draft_begin(&draft))
        return NULL;
    fprintf(draft.file, "not scanned (%s)%s", reason, detail[0] != '\0' ? ": " : "");
    print_plain(draft.file, (struct silt_span){(const uint8_t *)detail, strlen(detail)});
    const char *level = silt_skip_is_content(skip->reason) ? "warning" : "note";
    return make_notification(target, &skip->place, reason, level, silt_draft_end(&draft));
}

static json_t *make_problem(const struct silt_results_target *target, const struct silt_problem *problem)
{
    const char *message = problem->message != NULL ? problem->message : "";
    struct silt_draft draft;
    if (!silt_draft_begin(&draft))
        return NULL;
    print_plain(draft.file,
                (struct silt_span){(const uint8_t *)target->info.name, strlen(target->info.name)});
    fputs(": ", draft.file);
    print_plain(draft.file, (struct silt_span){(const uint8_t *)message, strlen(message)});
    return make_notification(target, &problem->place, silt_status_name(problem->status), "error",
                             silt_draft_end(&draft));
}

/* Prints one row of an array; `*count` rows were printed before. */
static bool print_row(FILE *out, size_t *count, json_t *value)
{
    fputs((*count)++ > 0 ? ",\n   " : "\n   ", out);
    return silt_document_print(out, value);
}

/* Whether a signature is among those that have a rule already. */
static bool is_used_before(const struct silt_signature *const *used, size_t count,
                           const struct silt_signature *it)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(used[i]->id, it->id) == 0)
            return true;
    return false;
}

static bool print_rules(FILE *out, const struct silt_results *results)
{
    size_t count = 0;
    struct silt_results_counts counts;
    silt_results_count(results, &counts);
    const struct silt_signature **used = calloc(counts.findings + counts.allowed + 1, sizeof *used);
    bool is_whole = used != NULL;
    for (size_t i = 0; i < results->count; i++) {
        for (size_t j = 0; j < results->targets[i].finding_count && is_whole; j++) {
            const struct silt_signature *signature = results->targets[i].findings[j].signature;
            if (is_used_before(used, count, signature))
                continue;
            used[count] = signature;
            is_whole = print_row(out, &count, make_rule(signature));
        }
    }
    free(used);
    return is_whole;
}

static bool print_results(struct silt_page *page, const struct silt_results *results)
{
    size_t count = 0;
    bool is_whole = true;
    for (size_t i = 0; i < results->count; i++) {
        const struct silt_results_target *target = &results->targets[i];
        for (size_t j = 0; j < target->finding_count && is_whole; j++)
            is_whole = print_row(page->file, &count,
                                 make_result(&target->info, &target->findings[j], page->shows_secrets));
    }
    return is_whole;
}

static bool print_notifications(FILE *out, const struct silt_results *results)
{
    size_t count = 0;
    bool is_whole = true;
    for (size_t i = 0; i < results->count; i++) {
        const struct silt_results_target *target = &results->targets[i];
        for (size_t j = 0; j < target->problem_count && is_whole; j++)
            is_whole = print_row(out, &count, make_problem(target, &target->problems[j]));
        for (size_t j = 0; j < target->skip_count && is_whole; j++)
            is_whole = print_row(out, &count, make_skip(target, &target->skips[j]));
    }
    return is_whole;
}

static bool print_end(struct silt_page *page, const struct silt_results *results)
{
    FILE *out = page->file;
    fprintf(out,
            "{\"$schema\": \"" SCHEMA "\", \"version\": \"2.1.0\", \"runs\": [{\n"
            " \"tool\": {\"driver\": {\"name\": \"silt\", \"version\": \"%s\", \"semanticVersion\": \"%s\",\n"
            "  \"rules\": [",
            silt_version(), silt_version());
    bool is_whole = print_rules(out, results);
    fputs("]}},\n \"columnKind\": \"unicodeCodePoints\",\n \"results\": [", out);
    is_whole = is_whole && print_results(page, results);
    fprintf(out, "],\n \"invocations\": [{\"executionSuccessful\": %s,\n  \"toolExecutionNotifications\": [",
            silt_results_is_complete(results) ? "true" : "false");
    is_whole = is_whole && print_notifications(out, results);
    fputs("]}]}]}\n", out);
    return is_whole;
}

const struct silt_output silt_sarif_output = {.name = "sarif", .end = print_end};
