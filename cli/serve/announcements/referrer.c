/*
 * referrer.c: the report goes back to the registry, as an artifact that refers to the image (OCI image
 * specification 1.1), where admission policies and people look for it.
 */
#include "serve/announcements/announcement.h"
#include "serve/intake.h"
#include "serve/reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TIMEOUT_S = 60, IMAGE_SIZE = 1024 };

/* How long it may take. */
struct patience {
    const struct silt_announcement_news *news;
    time_t until;
};

static bool goes_on(void *context)
{
    const struct patience *patience = context;
    return time(NULL) < patience->until && !patience->news->is_ending(patience->news->beat);
}

static enum silt_status attach(const struct silt_announcement_news *news,
                               const struct silt_settings_registry *registry,
                               const struct silt_attachment *report, struct silt_error *error)
{
    char image[IMAGE_SIZE];
    struct patience patience = {news, time(NULL) + TIMEOUT_S};
    const struct silt_store_event *event = news->event;
    snprintf(image, sizeof image, "%s/%s@%s", registry->host, event->repository, event->digest);
    return silt_registry_attach(silt_reach_options(news->context->intake->reach, registry), image, report,
                                goes_on, &patience, error);
}

static enum silt_status announce(const struct silt_announcement_news *news,
                                 struct silt_deliver_outcome *outcome, struct silt_error *error)
{
    char *text = NULL;
    size_t size = 0;
    struct silt_error why = {0};
    const struct silt_store_event *event = news->event;
    const struct silt_settings_registry *registry =
        silt_settings_find_registry(news->context->settings, event->registry);
    *outcome = (struct silt_deliver_outcome){.is_final = registry == NULL,
                                             .reason = "its registry is not configured any more"};
    if (registry == NULL)
        return SILT_OK;
    enum silt_status status =
        silt_store_report(news->context->store, event->image, "sarif", &text, &size, error);
    if (status != SILT_OK)
        return status;
    const struct silt_attachment report = {.artifact_type = "application/vnd.silt.report.v1",
                                           .media_type = "application/sarif+json",
                                           .title = "silt.sarif.json",
                                           .data = text,
                                           .size = size};
    status = attach(news, registry, &report, &why);
    outcome->is_taken = status == SILT_OK || status == SILT_END; /* END: it is such a report itself */
    snprintf(outcome->reason, sizeof outcome->reason, "%.*s", (int)sizeof outcome->reason - 1, why.message);
    free(text);
    return SILT_OK;
}

const struct silt_announcement_kind silt_announcement_referrer = {
    .name = "referrer",
    .announce = announce,
};
