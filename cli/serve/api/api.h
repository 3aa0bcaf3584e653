/*
 * api.h: what all of the REST API shares: filters out of a query, pages of a list, refusals, and values as
 * JSON. The paths are rows of routes.def and described in openapi.json, against which answers are tested.
 */
#ifndef SILT_CLI_SERVE_API_API_H
#define SILT_CLI_SERVE_API_API_H

#include "serve/route.h"
#include "serve/store.h"

#include <jansson.h>

/* The handlers: images, findings, jobs and scans, figures. */
silt_route_answer silt_api_images_list, silt_api_images_one, silt_api_images_report;
silt_route_answer silt_api_findings_list, silt_api_findings_one, silt_api_findings_change;
silt_route_answer silt_api_jobs_list, silt_api_jobs_one, silt_api_jobs_retry, silt_api_scans_ask;
silt_route_answer silt_api_stats_now, silt_api_stats_trend;

/* Answers {"error": text}. */
void silt_api_refuse(struct silt_response *response, unsigned status, const char *format, ...)
    SILT_PRINTF(3, 4);

/* Answers for a failed call: 404 for NOT_FOUND, else 503. */
void silt_api_fail(struct silt_response *response, enum silt_status status, const struct silt_error *error);

/* The path's :id, or 0 for what is no number. */
int64_t silt_api_id(const struct silt_request *request);

/* Parses a body that must be an object. NULL once refused. */
json_t *silt_api_body(const struct silt_request *request, struct silt_response *response);

/* Reads registry, repository, digest, tag, text, signature, severity, state, image, current, before and limit
 * out of the query. False once refused. */
bool silt_api_filter(const struct silt_request *request, struct silt_store_filter *filter,
                     struct silt_response *response);

/* A page of a list being made: one item more than it holds is asked for, to know whether it goes on. */
struct silt_api_page {
    json_t *items;
    unsigned limit; /* how many it holds */
    bool goes_on;
    char last[24]; /* id of the last item */
};
void silt_api_page_begin(struct silt_api_page *page, unsigned limit);

/* Adds an item with its id, which is decimal digits. False when the page is full. Takes the item. */
bool silt_api_page_put(struct silt_api_page *page, const char *id, json_t *item);

/* Answers {"items", "next": for `before`, or null, "total": null if below 0}, and lets the page go. */
void silt_api_page_answer(struct silt_api_page *page, int64_t total, struct silt_response *response);

/* A time as RFC 3339; null for 0. */
json_t *silt_api_time(int64_t ms);

/* {"critical": n, …} */
json_t *silt_api_severities(const uint64_t counts[SILT_RESULTS_SEVERITIES]);

/* JSON that was kept as text; null for what is none. */
json_t *silt_api_kept(const char *text);

/* A text, null for "". */
json_t *silt_api_text(const char *text);

/* An image and a finding as the API shows them; announcements do too. */
json_t *silt_api_image(const struct silt_store_image *image);
json_t *silt_api_finding(const struct silt_store_finding *finding);

#endif
