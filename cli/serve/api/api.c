/*
 * api.c: what the REST API shares.
 */
#include "serve/api/api.h"

#include "output/document.h"
#include "serve/hooks/payload.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LIMIT_USUAL = 50, LIMIT_MOST = 500, REFUSAL_SIZE = 600 };

void silt_api_refuse(struct silt_response *response, unsigned status, const char *format, ...)
{
    char text[REFUSAL_SIZE];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    json_t *value = json_object();
    silt_document_put(&value, "error", silt_document_string(text));
    silt_response_json(response, status, value);
}

void silt_api_fail(struct silt_response *response, enum silt_status status, const struct silt_error *error)
{
    if (status == SILT_ERR_NOT_FOUND)
        silt_api_refuse(response, 404, "there is none of this id");
    else
        silt_api_refuse(response, 503, "%s; again later", error->message);
}

int64_t silt_api_id(const struct silt_request *request)
{
    const char *text = silt_request_parameter(request, "id");
    size_t digits = text != NULL ? strspn(text, "0123456789") : 0;
    return digits > 0 && digits < 19 && text[digits] == '\0' ? strtoll(text, NULL, 10) : 0;
}

json_t *silt_api_body(const struct silt_request *request, struct silt_response *response)
{
    struct silt_error error = {0};
    json_t *body = NULL;
    if (!silt_request_is_type(request, "application/json")) {
        silt_api_refuse(response, 415, "the body must be application/json");
        return NULL;
    }
    enum silt_status status = silt_payload_parse(request->body, &body, &error);
    if (status == SILT_OK && json_is_object(body))
        return body;
    silt_api_refuse(response, status == SILT_ERR_LIMIT ? 413 : 400, "%s",
                    status == SILT_OK ? "the body must be an object" : error.message);
    json_decref(body);
    return NULL;
}

/* The place of a text in a list of names, which ends with NULL; -1 if it is not among them. */
static int find_name(const char *text, const char *(*name)(int), int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(text, name(i)) == 0)
            return i;
    return -1;
}

static const char *severity_name(int index)
{
    return silt_severity_name((enum silt_severity)index);
}

static const char *state_name(int index)
{
    return silt_store_state_name((enum silt_store_state)index);
}

static bool read_severity(const struct silt_request *request, struct silt_store_filter *filter,
                          struct silt_response *response)
{
    const char *text = silt_request_query(request, "severity");
    int severity = text != NULL ? find_name(text, severity_name, SILT_RESULTS_SEVERITIES) : SILT_INFO;
    if (severity < 0)
        silt_api_refuse(response, 400, "severity: info, low, medium, high or critical");
    filter->min_severity = severity >= 0 ? (enum silt_severity)severity : SILT_INFO;
    return severity >= 0;
}

static bool read_state(const struct silt_request *request, struct silt_store_filter *filter,
                       struct silt_response *response)
{
    const char *text = silt_request_query(request, "state");
    if (text == NULL)
        return true;
    int state = find_name(text, state_name, SILT_STORE_STATES);
    filter->has_state = state >= 0;
    filter->state = state >= 0 ? (enum silt_store_state)state : SILT_STORE_OPEN;
    if (state < 0)
        silt_api_refuse(response, 400, "state: open, ignored or fixed");
    return state >= 0;
}

static bool read_numbers(const struct silt_request *request, struct silt_store_filter *filter,
                         struct silt_response *response)
{
    static const unsigned most = 999999999;
    unsigned before = 0, image = 0;
    if (!silt_request_query_number(request, "before", most, 0, &before) ||
        !silt_request_query_number(request, "image", most, 0, &image) ||
        !silt_request_query_number(request, "limit", LIMIT_MOST, LIMIT_USUAL, &filter->limit) ||
        filter->limit == 0) {
        silt_api_refuse(response, 400, "before and image: ids; limit: 1 to %d", LIMIT_MOST);
        return false;
    }
    filter->before = before;
    filter->image = image;
    return true;
}

bool silt_api_filter(const struct silt_request *request, struct silt_store_filter *filter,
                     struct silt_response *response)
{
    const char *current = silt_request_query(request, "current");
    *filter = (struct silt_store_filter){
        .registry = silt_request_query(request, "registry"),
        .repository = silt_request_query(request, "repository"),
        .digest = silt_request_query(request, "digest"),
        .tag = silt_request_query(request, "tag"),
        .text = silt_request_query(request, "text"),
        .signature = silt_request_query(request, "signature"),
        .only_current = current != NULL && strcmp(current, "true") == 0,
    };
    return read_severity(request, filter, response) && read_state(request, filter, response) &&
           read_numbers(request, filter, response);
}

void silt_api_page_begin(struct silt_api_page *page, unsigned limit)
{
    *page = (struct silt_api_page){.items = json_array(), .limit = limit};
}

bool silt_api_page_put(struct silt_api_page *page, const char *id, json_t *item)
{
    page->goes_on = page->limit == 0;
    if (page->goes_on) {
        json_decref(item);
        return false;
    }
    page->limit--;
    snprintf(page->last, sizeof page->last, "%s", id);
    silt_document_append(&page->items, item);
    return page->items != NULL;
}

void silt_api_page_answer(struct silt_api_page *page, int64_t total, struct silt_response *response)
{
    json_t *value = json_object();
    silt_document_put(&value, "items", page->items);
    silt_document_put(&value, "next", page->goes_on ? json_string(page->last) : json_null());
    silt_document_put(&value, "total", total >= 0 ? json_integer(total) : json_null());
    silt_response_json(response, 200, value);
    *page = (struct silt_api_page){0};
}

json_t *silt_api_time(int64_t ms)
{
    char text[32];
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    if (ms <= 0 || gmtime_r(&seconds, &parts) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return json_null();
    return json_string(text);
}

json_t *silt_api_severities(const uint64_t counts[SILT_RESULTS_SEVERITIES])
{
    json_t *object = json_object();
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--)
        silt_document_put(&object, severity_name(severity), json_integer((json_int_t)counts[severity]));
    return object;
}

json_t *silt_api_kept(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    return value != NULL ? value : json_null();
}

json_t *silt_api_text(const char *text)
{
    return silt_document_string(text[0] != '\0' ? text : NULL);
}
