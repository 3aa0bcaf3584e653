/*
 * harbor_report.c: the report that Harbor comes back for: 302 while a job for the image waits or runs, then
 * its open findings. Ignored and fixed ones are left out.
 */
#include "output/document.h"
#include "serve/api/api.h"
#include "serve/harbor/harbor.h"
#include "serve/queue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { PAGE = 500, PAGES_MOST = 20, JOBS_LOOKED_AT = 500, IMAGES_MOST = 1, TEXT_SIZE = 4096 };

/* Harbor's words for severities. */
static const char *const severities[] = {"Negligible", "Low", "Medium", "High", "Critical"};

/* A report being made. */
struct report {
    const struct silt_context *context;
    struct silt_harbor_subject subject;
    json_t *entries;
    int64_t image, last; /* of the store; the last finding of a page */
    int64_t made_ms;
    size_t page;
    int worst; /* -1: none */
    bool is_known, is_complete;
    char problem[512];
};

/* What became of the job for an image. */
struct work {
    const char *digest;
    bool is_live, is_dead;
    char reason[256];
};

static bool look_at_job(void *context, const struct silt_job *job)
{
    struct work *work = context;
    if (strcmp(job->digest, work->digest) != 0)
        return true;
    work->is_live |= job->state == SILT_JOB_WAITING || job->state == SILT_JOB_RUNNING;
    if (job->state == SILT_JOB_DEAD && !work->is_dead)
        snprintf(work->reason, sizeof work->reason, "%s", job->reason);
    work->is_dead |= job->state == SILT_JOB_DEAD;
    return !work->is_live;
}

static enum silt_status find_work(const struct report *report, struct work *work, struct silt_error *error)
{
    const struct silt_queue_filter filter = {.registry = report->subject.registry,
                                             .repository = report->subject.repository,
                                             .limit = JOBS_LOOKED_AT};
    struct silt_queue *queue = report->context->queue;
    *work = (struct work){.digest = report->subject.digest};
    return queue->kind->list(queue, &filter, look_at_job, work, error);
}

static bool keep_image(void *context, const struct silt_store_image *image)
{
    struct report *report = context;
    report->is_known = true;
    report->image = image->id;
    report->made_ms = image->last_seen_ms;
    report->is_complete = image->is_complete;
    snprintf(report->problem, sizeof report->problem, "%s", image->problem);
    return false;
}

static json_t *make_attributes(const struct silt_store_finding *finding)
{
    json_t *object = json_object();
    silt_document_put(&object, "redacted", silt_document_string(finding->redacted));
    silt_document_put(&object, "fingerprint", silt_document_string(finding->fingerprint));
    silt_document_put(&object, "confidence", silt_document_string(silt_confidence_name(finding->confidence)));
    silt_document_put(&object, "created_by", silt_api_text(finding->created_by));
    silt_document_put(&object, "place_state", silt_document_string(silt_state_name(finding->place_state)));
    return object;
}

/* What it is, which instruction brought it in, and what to do. */
static json_t *make_description(const struct silt_store_finding *finding)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text, "%s: %s%s%s%s%s%s%s%s", finding->name, finding->redacted,
             finding->description[0] != '\0' ? "\n" : "", finding->description,
             finding->created_by[0] != '\0' ? "\nBrought in by: " : "", finding->created_by,
             finding->place_state != SILT_PRESENT ? "\nA later layer hides it; whoever pulls still gets it."
                                                  : "",
             finding->remediation[0] != '\0' ? "\nWhat to do: " : "", finding->remediation);
    return silt_document_string(text);
}

/* Harbor takes entries of equal id, package and version for one: the line makes them differ. */
static json_t *make_package(const struct silt_store_finding *finding)
{
    char text[TEXT_SIZE];
    if (finding->line > 0)
        snprintf(text, sizeof text, "%s:%" PRIu64, finding->path, finding->line);
    else
        snprintf(text, sizeof text, "%s", finding->path);
    return silt_document_string(text);
}

static json_t *make_links(const char *references)
{
    json_t *links = silt_api_kept(references);
    if (json_is_array(links))
        return links;
    json_decref(links);
    return json_array();
}

static json_t *make_entry(const struct silt_store_finding *finding)
{
    char layer[32] = "configuration";
    json_t *object = json_object();
    if (finding->layer >= 0)
        snprintf(layer, sizeof layer, "layer %d", finding->layer);
    silt_document_put(&object, "id", silt_document_string(finding->signature));
    silt_document_put(&object, "package", make_package(finding));
    silt_document_put(&object, "version", json_string(layer));
    silt_document_put(&object, "severity", json_string(severities[finding->severity]));
    silt_document_put(&object, "description", make_description(finding));
    silt_document_put(&object, "links", make_links(finding->references));
    silt_document_put(&object, "cwe_ids", json_pack("[s]", "CWE-798"));
    silt_document_put(&object, "vendor_attributes", make_attributes(finding));
    return object;
}

static bool add_finding(void *context, const struct silt_store_finding *finding)
{
    struct report *report = context;
    silt_document_append(&report->entries, make_entry(finding));
    report->last = finding->id;
    report->page++;
    if ((int)finding->severity > report->worst)
        report->worst = (int)finding->severity;
    return report->entries != NULL;
}

/* What was not scanned is not silently fine. */
static void add_problem(struct report *report)
{
    json_t *object = json_object();
    silt_document_put(&object, "id", json_string("silt.incomplete"));
    silt_document_put(&object, "package", json_string("image"));
    silt_document_put(&object, "version", json_string("scan"));
    silt_document_put(&object, "severity", json_string("Unknown"));
    silt_document_put(&object, "description", silt_document_string(report->problem));
    silt_document_put(&object, "links", json_array());
    silt_document_append(&report->entries, object);
}

static enum silt_status collect(struct report *report, struct silt_error *error)
{
    struct silt_store_filter filter = {
        .image = report->image, .has_state = true, .state = SILT_STORE_OPEN, .limit = PAGE};
    enum silt_status status = SILT_OK;
    report->page = PAGE;
    for (int i = 0; i < PAGES_MOST && report->page == PAGE && status == SILT_OK; i++) {
        report->page = 0;
        filter.before = report->last;
        status = silt_store_findings(report->context->store, &filter, add_finding, report, error);
    }
    if (!report->is_complete)
        add_problem(report);
    return status;
}

static void answer(struct report *report, const char *type, struct silt_response *response)
{
    json_t *object = json_object(), *artifact = json_object();
    silt_document_put(&artifact, "repository", silt_document_string(report->subject.repository));
    silt_document_put(&artifact, "digest", silt_document_string(report->subject.digest));
    silt_document_put(&object, "generated_at", silt_api_time(report->made_ms));
    silt_document_put(&object, "artifact", artifact);
    silt_document_put(&object, "scanner", silt_harbor_scanner());
    silt_document_put(&object, "severity",
                      json_string(report->worst >= 0 ? severities[report->worst] : "Unknown"));
    silt_document_put(&object, "vulnerabilities", report->entries);
    silt_response_json(response, 200, object);
    response->type = type;
}

/* The report of an image that no job is at work on. */
static void show(struct report *report, const struct work *work, const char *type,
                 struct silt_response *response)
{
    struct silt_error error = {0};
    const struct silt_store_filter filter = {.registry = report->subject.registry,
                                             .repository = report->subject.repository,
                                             .digest = report->subject.digest,
                                             .limit = IMAGES_MOST};
    enum silt_status status = silt_store_images(report->context->store, &filter, keep_image, report, &error);
    if (status == SILT_OK && !report->is_known)
        return silt_harbor_refuse(response, work->is_dead ? 500 : 404,
                                  work->is_dead ? work->reason : "there is no such scan");
    report->entries = json_array();
    if (status == SILT_OK)
        status = collect(report, &error);
    if (status == SILT_OK)
        return answer(report, type, response);
    json_decref(report->entries);
    silt_harbor_refuse(response, 500, error.message);
}

/* The media type to answer with; NULL if none of ours is wanted. */
static const char *choose_type(const struct silt_request *request)
{
    const char *accept = silt_request_header(request, "Accept");
    if (accept == NULL || strstr(accept, "*/*") != NULL ||
        strcasestr(accept, "application/vnd.security.vulnerability.report") != NULL)
        return silt_harbor_report_new;
    if (strcasestr(accept, "application/vnd.scanner.adapter.vuln.report.harbor+json") != NULL)
        return silt_harbor_report_old;
    return NULL;
}

void silt_harbor_report(const struct silt_context *context, const struct silt_request *request,
                        struct silt_response *response)
{
    struct report report = {.context = context, .worst = -1};
    struct work work;
    struct silt_error error = {0};
    const char *type = choose_type(request);
    if (type == NULL)
        return silt_harbor_refuse(response, 501, "this type of report is not made; see /metadata");
    if (!silt_harbor_id_read(silt_request_parameter(request, "id"), &report.subject))
        return silt_harbor_refuse(response, 404, "there is no such scan");
    if (find_work(&report, &work, &error) != SILT_OK)
        return silt_harbor_refuse(response, 500, error.message);
    if (!work.is_live)
        return show(&report, &work, type, response);
    response->status = 302;
    silt_response_set(response, "Refresh-After", "5");
}
