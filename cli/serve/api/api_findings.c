/*
 * api_findings.c: findings, and what somebody decides of them.
 */
#include "output/document.h"
#include "serve/api/api.h"
#include "serve/hooks/payload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { REASON_MOST = 1000 };

static void put_signature(json_t **object, const struct silt_store_finding *finding)
{
    silt_document_put(object, "signature", silt_document_string(finding->signature));
    silt_document_put(object, "name", silt_document_string(finding->name));
    silt_document_put(object, "provider", silt_api_text(finding->provider));
    silt_document_put(object, "description", silt_api_text(finding->description));
    silt_document_put(object, "remediation", silt_api_text(finding->remediation));
    silt_document_put(object, "references", silt_api_kept(finding->references));
    silt_document_put(object, "severity", silt_document_string(silt_severity_name(finding->severity)));
    silt_document_put(object, "confidence", silt_document_string(silt_confidence_name(finding->confidence)));
    silt_document_put(object, "score", json_real(finding->score));
    silt_document_put(object, "redacted", silt_document_string(finding->redacted));
    silt_document_put(object, "secret_hash", silt_document_string(finding->secret_hash));
    silt_document_put(object, "validation", silt_api_text(finding->validation_detail));
    silt_document_put(object, "decoded_from", silt_api_kept(finding->decoded_from));
}

static json_t *make_layer(const struct silt_store_finding *finding)
{
    json_t *object = json_object();
    silt_document_put(&object, "index", silt_document_index(finding->layer));
    silt_document_put(&object, "digest", silt_api_text(finding->layer_digest));
    silt_document_put(&object, "diff_id", silt_api_text(finding->layer_diff_id));
    silt_document_put(&object, "created_by", silt_api_text(finding->created_by));
    return object;
}

static void put_place(json_t **object, const struct silt_store_finding *finding)
{
    silt_document_put(object, "image", json_integer(finding->image));
    silt_document_put(object, "registry", silt_document_string(finding->registry));
    silt_document_put(object, "repository", silt_document_string(finding->repository));
    silt_document_put(object, "digest", silt_document_string(finding->digest));
    silt_document_put(object, "path", silt_document_string(finding->path));
    silt_document_put(object, "chain", silt_api_kept(finding->chain));
    silt_document_put(object, "line", json_integer((json_int_t)finding->line));
    silt_document_put(object, "column", json_integer((json_int_t)finding->column));
    silt_document_put(object, "offset", json_integer((json_int_t)finding->offset));
    silt_document_put(object, "origin", silt_document_string(silt_origin_name(finding->origin)));
    silt_document_put(object, "layer", make_layer(finding));
    silt_document_put(object, "place_state", silt_document_string(silt_state_name(finding->place_state)));
    silt_document_put(object, "removed_in", silt_document_index(finding->removed_in));
    silt_document_put(object, "also_at", silt_api_kept(finding->also_at));
    silt_document_put(object, "images", json_integer((json_int_t)finding->image_count));
}

json_t *silt_api_finding(const struct silt_store_finding *finding)
{
    json_t *object = json_object();
    silt_document_put(&object, "id", json_integer(finding->id));
    silt_document_put(&object, "fingerprint", silt_document_string(finding->fingerprint));
    silt_document_put(&object, "state", silt_document_string(silt_store_state_name(finding->state)));
    put_signature(&object, finding);
    put_place(&object, finding);
    silt_document_put(&object, "first_seen", silt_api_time(finding->first_seen_ms));
    silt_document_put(&object, "last_seen", silt_api_time(finding->last_seen_ms));
    silt_document_put(&object, "fixed", silt_api_time(finding->fixed_ms));
    silt_document_put(&object, "ignored_until", silt_api_time(finding->ignored_until_ms));
    silt_document_put(&object, "ignored_reason", silt_api_text(finding->ignored_reason));
    silt_document_put(&object, "ignored_by", silt_api_text(finding->ignored_by));
    return object;
}

static bool put_finding(void *context, const struct silt_store_finding *finding)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, finding->id);
    return silt_api_page_put(context, id, silt_api_finding(finding));
}

/* GET /api/v1/findings */
void silt_api_findings_list(const struct silt_context *context, const struct silt_request *request,
                            struct silt_response *response)
{
    struct silt_store_filter filter;
    struct silt_api_page page;
    struct silt_error error = {0};
    uint64_t total = 0;
    if (!silt_api_filter(request, &filter, response))
        return;
    silt_api_page_begin(&page, filter.limit++);
    enum silt_status status = silt_store_count_findings(context->store, &filter, &total, &error);
    if (status == SILT_OK)
        status = silt_store_findings(context->store, &filter, put_finding, &page, &error);
    if (status == SILT_OK)
        return silt_api_page_answer(&page, (int64_t)total, response);
    json_decref(page.items);
    silt_api_fail(response, status, &error);
}

static bool keep_finding(void *context, const struct silt_store_finding *finding)
{
    *(json_t **)context = silt_api_finding(finding);
    return false;
}

/* GET /api/v1/findings/:id */
void silt_api_findings_one(const struct silt_context *context, const struct silt_request *request,
                           struct silt_response *response)
{
    json_t *object = NULL;
    struct silt_error error = {0};
    enum silt_status status =
        silt_store_finding(context->store, silt_api_id(request), keep_finding, &object, &error);
    if (status == SILT_OK)
        return silt_response_json(response, 200, object);
    silt_api_fail(response, status, &error);
}

/* Reads what is to be ignored. False once refused. */
static bool read_ignore(const struct silt_context *context, const json_t *body,
                        struct silt_store_ignore *ignore, struct silt_response *response)
{
    const char *until = silt_payload_text(body, "until");
    ignore->reason = silt_payload_text(body, "reason");
    ignore->by = silt_payload_text(body, "by");
    ignore->until_ms = silt_payload_time(until);
    ignore->whole_secret = json_is_true(silt_payload_get(body, "whole_secret"));
    bool has_reason = ignore->reason[0] != '\0' && strlen(ignore->reason) <= REASON_MOST;
    bool has_time = until[0] == '\0' || ignore->until_ms > context->now() * 1000;
    if (ignore->by[0] == '\0')
        ignore->by = "api";
    if (!has_reason)
        silt_api_refuse(response, 422, "reason: why it is ignored, at most %d bytes", REASON_MOST);
    else if (!has_time)
        silt_api_refuse(response, 422, "until: a time to come, as in 2030-01-31T00:00:00Z");
    return has_reason && has_time;
}

/* PATCH /api/v1/findings/:id: {"state": "ignored", "reason", "until", "by", "whole_secret"}, or {"state":
 * "open"}. */
void silt_api_findings_change(const struct silt_context *context, const struct silt_request *request,
                              struct silt_response *response)
{
    struct silt_store_ignore ignore = {.finding = silt_api_id(request)};
    struct silt_error error = {0};
    json_t *body = silt_api_body(request, response);
    if (body == NULL)
        return;
    const char *state = silt_payload_text(body, "state");
    enum silt_status status = SILT_END;
    if (strcmp(state, "open") == 0)
        status = silt_store_reopen(context->store, ignore.finding, &error);
    else if (strcmp(state, "ignored") != 0)
        silt_api_refuse(response, 422, "state: \"ignored\" or \"open\"");
    else if (read_ignore(context, body, &ignore, response))
        status = silt_store_ignore(context->store, &ignore, &error);
    json_decref(body);
    if (status == SILT_OK)
        silt_api_findings_one(context, request, response);
    else if (status != SILT_END)
        silt_api_fail(response, status, &error);
}
