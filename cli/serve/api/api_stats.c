/*
 * api_stats.c: figures of all that is kept, day by day, and of the queue and the announcements.
 */
#include "output/document.h"
#include "serve/api/api.h"
#include "serve/queue.h"

static json_t *integer(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static json_t *make_queue(const struct silt_queue_counts *counts)
{
    json_t *object = json_object();
    for (int state = 0; state < SILT_JOB_STATES; state++)
        silt_document_put(&object, silt_job_state_name((enum silt_job_state)state),
                          integer(counts->jobs[state]));
    silt_document_put(&object, "oldest_age_ms", json_integer(counts->oldest_age_ms));
    return object;
}

static json_t *make_findings(const struct silt_store_stats *stats)
{
    json_t *object = json_object();
    for (int state = 0; state < SILT_STORE_STATES; state++)
        silt_document_put(&object, silt_store_state_name((enum silt_store_state)state),
                          silt_api_severities(stats->findings[state]));
    return object;
}

static bool put_channel(void *context, const struct silt_store_channel_state *channel)
{
    json_t **array = context, *object = json_object();
    silt_document_put(&object, "name", silt_document_string(channel->name));
    silt_document_put(&object, "due", integer(channel->due));
    silt_document_put(&object, "sent", integer(channel->sent));
    silt_document_put(&object, "given_up", integer(channel->given_up));
    silt_document_put(&object, "reason", silt_api_text(channel->reason));
    silt_document_put(&object, "last_failed", silt_api_time(channel->last_failed_ms));
    silt_document_append(array, object);
    return *array != NULL;
}

/* GET /api/v1/stats */
void silt_api_stats_now(const struct silt_context *context, const struct silt_request *request,
                        struct silt_response *response)
{
    (void)request;
    struct silt_store_stats stats = {0};
    struct silt_queue_counts counts = {0};
    struct silt_error error = {0};
    json_t *channels = json_array();
    enum silt_status status = silt_store_stats(context->store, &stats, &error);
    if (status == SILT_OK)
        status = context->queue->kind->count(context->queue, &counts, &error);
    if (status == SILT_OK)
        status = silt_store_channels(context->store, put_channel, &channels, &error);
    if (status != SILT_OK) {
        json_decref(channels);
        return silt_api_fail(response, status, &error);
    }
    json_t *object = json_object();
    silt_document_put(&object, "registries", integer(stats.registries));
    silt_document_put(&object, "repositories", integer(stats.repositories));
    silt_document_put(&object, "images", integer(stats.images));
    silt_document_put(&object, "current_images", integer(stats.current_images));
    silt_document_put(&object, "incomplete_images", integer(stats.incomplete_images));
    silt_document_put(&object, "layers", integer(stats.layers));
    silt_document_put(&object, "layer_bytes", integer(stats.layer_bytes));
    silt_document_put(&object, "findings", make_findings(&stats));
    silt_document_put(&object, "queue", make_queue(&counts));
    silt_document_put(&object, "channels", channels);
    silt_response_json(response, 200, object);
}

static bool put_day(void *context, const struct silt_store_day *day)
{
    json_t **array = context, *object = json_object();
    silt_document_put(&object, "begin", silt_api_time(day->begin_ms));
    silt_document_put(&object, "images", integer(day->images));
    silt_document_put(&object, "found", integer(day->found));
    silt_document_put(&object, "fixed", integer(day->fixed));
    silt_document_put(&object, "open_at_end", integer(day->open_at_end));
    silt_document_append(array, object);
    return *array != NULL;
}

/* GET /api/v1/trend */
void silt_api_stats_trend(const struct silt_context *context, const struct silt_request *request,
                          struct silt_response *response)
{
    unsigned days;
    struct silt_error error = {0};
    json_t *array = json_array(), *object = json_object();
    if (!silt_request_query_number(request, "days", 366, 30, &days) || days == 0) {
        silt_api_refuse(response, 400, "days: 1 to 366");
    } else {
        enum silt_status status = silt_store_trend(context->store, days, put_day, &array, &error);
        if (status == SILT_OK) {
            silt_document_put(&object, "days", array);
            return silt_response_json(response, 200, object);
        }
        silt_api_fail(response, status, &error);
    }
    json_decref(array);
    json_decref(object);
}
