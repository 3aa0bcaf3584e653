/*
 * cloudevents.c: a CloudEvent 1.0 in structured mode (HTTP protocol binding, section 3.2). Source and id
 * together tell repeats.
 */
#include "output/document.h"
#include "serve/announcements/announcement.h"
#include "serve/api/api.h"

#include <stdio.h>

enum { SUBJECT_SIZE = 1024 };

static json_t *make(const struct silt_announcement_news *news, struct silt_deliver_letter *letter)
{
    (void)letter;
    const struct silt_store_event *event = news->event;
    const char *source = news->context->settings->public_url;
    char subject[SUBJECT_SIZE];
    snprintf(subject, sizeof subject, "%s/%s@%s", event->registry, event->repository, event->digest);
    json_t *object = json_object();
    silt_document_put(&object, "specversion", json_string("1.0"));
    silt_document_put(&object, "id", silt_document_string(event->uid));
    silt_document_put(&object, "source", json_string(source != NULL ? source : "/silt"));
    silt_document_put(&object, "type", json_string("silt.findings.new"));
    silt_document_put(&object, "subject", silt_document_string(subject));
    silt_document_put(&object, "time", silt_api_time(event->created_ms));
    silt_document_put(&object, "datacontenttype", json_string("application/json"));
    silt_document_put(&object, "data", silt_announcement_document(news));
    return object;
}

const struct silt_announcement_kind silt_announcement_cloudevents = {
    .name = "cloudevents",
    .type = "application/cloudevents+json; charset=utf-8",
    .make = make,
};
