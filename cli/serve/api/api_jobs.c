/*
 * api_jobs.c: jobs of the queue, and asking for a scan.
 */
#include "output/document.h"
#include "serve/api/api.h"
#include "serve/hook.h"
#include "serve/hooks/payload.h"
#include "serve/intake.h"
#include "serve/queue.h"

#include <stdio.h>
#include <string.h>

static json_t *make_job(const struct silt_job *job)
{
    json_t *object = json_object();
    silt_document_put(&object, "id", silt_document_string(job->id));
    silt_document_put(&object, "state", silt_document_string(silt_job_state_name(job->state)));
    silt_document_put(&object, "registry", silt_document_string(job->registry));
    silt_document_put(&object, "repository", silt_document_string(job->repository));
    silt_document_put(&object, "digest", silt_api_text(job->digest));
    silt_document_put(&object, "tag", silt_api_text(job->tag));
    silt_document_put(&object, "origin", silt_api_text(job->origin));
    silt_document_put(&object, "attempts", json_integer(job->attempts));
    silt_document_put(&object, "reason", silt_api_text(job->reason));
    silt_document_put(&object, "created", silt_api_time(job->created_ms));
    silt_document_put(&object, "changed", silt_api_time(job->changed_ms));
    silt_document_put(&object, "not_before", silt_api_time(job->not_before_ms));
    return object;
}

static bool put_job(void *context, const struct silt_job *job)
{
    return silt_api_page_put(context, job->id, make_job(job));
}

/* Reads the state that jobs are to have. False once refused. */
static bool read_state(const struct silt_request *request, struct silt_queue_filter *filter,
                       struct silt_response *response)
{
    const char *text = silt_request_query(request, "state");
    if (text == NULL)
        return true;
    for (int state = 0; state < SILT_JOB_STATES && !filter->has_state; state++) {
        filter->state = (enum silt_job_state)state;
        filter->has_state = strcmp(text, silt_job_state_name(filter->state)) == 0;
    }
    if (!filter->has_state)
        silt_api_refuse(response, 400, "state: waiting, running, done or dead");
    return filter->has_state;
}

/* GET /api/v1/jobs */
void silt_api_jobs_list(const struct silt_context *context, const struct silt_request *request,
                        struct silt_response *response)
{
    struct silt_queue_filter filter = {.registry = silt_request_query(request, "registry"),
                                       .repository = silt_request_query(request, "repository"),
                                       .before = silt_request_query(request, "before")};
    struct silt_api_page page;
    struct silt_error error = {0};
    if (!silt_request_query_number(request, "limit", 500, 50, &filter.limit) || filter.limit == 0)
        return silt_api_refuse(response, 400, "limit: 1 to 500");
    if (!read_state(request, &filter, response))
        return;
    silt_api_page_begin(&page, filter.limit++);
    enum silt_status status = context->queue->kind->list(context->queue, &filter, put_job, &page, &error);
    if (status == SILT_OK)
        return silt_api_page_answer(&page, -1, response);
    json_decref(page.items);
    silt_api_fail(response, status, &error);
}

/* The path's :id, or "0", which no job has, for what is none. */
static const char *job_id(const struct silt_request *request)
{
    return silt_api_id(request) > 0 ? silt_request_parameter(request, "id") : "0";
}

/* GET /api/v1/jobs/:id */
void silt_api_jobs_one(const struct silt_context *context, const struct silt_request *request,
                       struct silt_response *response)
{
    struct silt_job job = {0};
    struct silt_error error = {0};
    enum silt_status status = context->queue->kind->find(context->queue, job_id(request), &job, &error);
    if (status != SILT_OK)
        return silt_api_fail(response, status, &error);
    silt_response_json(response, 200, make_job(&job));
    silt_job_clear(&job);
}

/* POST /api/v1/jobs/:id/retry: a dead job waits again. */
void silt_api_jobs_retry(const struct silt_context *context, const struct silt_request *request,
                         struct silt_response *response)
{
    struct silt_error error = {0};
    enum silt_status status = context->queue->kind->revive(context->queue, job_id(request), &error);
    if (status == SILT_ERR_NOT_FOUND)
        return silt_api_refuse(response, 404, "there is no dead job of this id");
    if (status != SILT_OK)
        return silt_api_fail(response, status, &error);
    silt_api_jobs_one(context, request, response);
}

static void answer_receipt(const struct silt_intake_receipt *receipt, struct silt_response *response)
{
    static const struct {
        unsigned status;
        const char *word; /* NULL: refused, for the receipt's reason */
    } answers[] = {
        [SILT_INTAKE_QUEUED] = {202, "queued"}, [SILT_INTAKE_JOINED] = {202, "joined"},
        [SILT_INTAKE_KNOWN] = {200, "known"},   [SILT_INTAKE_FOREIGN] = {422, NULL},
        [SILT_INTAKE_ABSENT] = {404, NULL},     [SILT_INTAKE_BAD] = {422, NULL},
        [SILT_INTAKE_BUSY] = {429, NULL},       [SILT_INTAKE_FAILED] = {503, NULL},
    };
    unsigned status = answers[receipt->answer].status;
    if (status == 429)
        silt_response_set(response, "Retry-After", "30");
    if (answers[receipt->answer].word == NULL)
        return silt_api_refuse(response, status, "%s", receipt->why);
    json_t *object = json_object();
    silt_document_put(&object, "state", json_string(answers[receipt->answer].word));
    silt_document_put(&object, "job", silt_api_text(receipt->id));
    silt_document_put(&object, "digest", silt_api_text(receipt->digest));
    silt_response_json(response, status, object);
}

/* POST /api/v1/scans: {"image": REFERENCE, "force": false} */
void silt_api_scans_ask(const struct silt_context *context, const struct silt_request *request,
                        struct silt_response *response)
{
    struct silt_pushes pushes = {.hook = silt_hook_find("generic")};
    struct silt_intake_receipt receipt = {0};
    struct silt_error error = {0};
    json_t *body = silt_api_body(request, response);
    if (body == NULL)
        return;
    enum silt_status status =
        silt_payload_put_reference(&pushes, silt_payload_text(body, "image"), &(struct silt_push){0}, &error);
    if (status == SILT_OK) {
        const struct silt_push *push = pushes.items;
        const struct silt_intake_want want = {
            .host = push->host,
            .repository = push->repository,
            .digest = push->digest,
            .tag = push->tag,
            .origin = "api",
            .delivery = "",
            .is_forced = json_is_true(silt_payload_get(body, "force")),
        };
        silt_intake_take(context, &want, &receipt);
        answer_receipt(&receipt, response);
    } else {
        silt_api_refuse(response, 422, "image: %s", error.message);
    }
    silt_hook_clear(&pushes);
    json_decref(body);
}
