/*
 * announcement.h: what a kind of announcement is: how it puts an event into a letter. Each is one file here
 * that exports one const struct silt_announcement_kind, and one line in announcements.def.
 */
#ifndef SILT_CLI_SERVE_ANNOUNCEMENTS_ANNOUNCEMENT_H
#define SILT_CLI_SERVE_ANNOUNCEMENTS_ANNOUNCEMENT_H

#include "serve/context.h"
#include "serve/deliver/deliver.h"
#include "serve/settings.h"
#include "serve/store.h"

#include <jansson.h>

/* What a letter is about; all borrowed. */
struct silt_announcement_news {
    const struct silt_context *context;
    const struct silt_settings_announcement *to;
    const struct silt_store_event *event;
    const json_t *image;    /* as the API shows it */
    const json_t *findings; /* an array: the first SILT_ANNOUNCEMENT_MOST that are new and severe enough */
    bool (*is_ending)(void *beat); /* asked now and then: true breaks it off */
    void *beat;
    char link[512]; /* to the image in the dashboard; "" if silt does not know its own address */
};

enum { SILT_ANNOUNCEMENT_MOST = 50 };

struct silt_announcement_kind {
    const char *name; /* as the settings call it */
    const char *type; /* media type */
    /* Makes the body; headers may be added. NULL when memory is out. */
    json_t *(*make)(const struct silt_announcement_news *news, struct silt_deliver_letter *letter);
    /* For kinds that are no letters: does it. NULL: `make` does. */
    enum silt_status (*announce)(const struct silt_announcement_news *news,
                                 struct silt_deliver_outcome *outcome, struct silt_error *error);
};

/* The kind with a name, or NULL. */
const struct silt_announcement_kind *silt_announcement_find(const char *name);

/* Writes and sends what is new to one channel. NOT_FOUND if the store no longer has the image. */
enum silt_status silt_announcement_send(struct silt_announcement_news *news,
                                        struct silt_deliver_outcome *outcome, struct silt_error *error);

/* The news as JSON, schema silt.news/1: the webhook's body, the data of a CloudEvent. */
json_t *silt_announcement_document(const struct silt_announcement_news *news);

#endif
