/*
 * announcement.c: an event of the store as a letter. What is sent is what the API shows: redacted secrets and
 * keyed hashes.
 */
#include "serve/announcements/announcement.h"

#include "output/document.h"
#include "serve/api/api.h"

#include <inttypes.h>
#include <silt/seal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SILT_ANNOUNCEMENT(name) extern const struct silt_announcement_kind silt_announcement_##name;
#include "serve/announcements/announcements.def"
#undef SILT_ANNOUNCEMENT

static const struct silt_announcement_kind *const kinds[] = {
#define SILT_ANNOUNCEMENT(name) &silt_announcement_##name,
#include "serve/announcements/announcements.def"
#undef SILT_ANNOUNCEMENT
};

const struct silt_announcement_kind *silt_announcement_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

json_t *silt_announcement_document(const struct silt_announcement_news *news)
{
    const struct silt_store_event *event = news->event;
    json_t *object = json_object();
    silt_document_put(&object, "schema", json_string("silt.news/1"));
    silt_document_put(&object, "id", silt_document_string(event->uid));
    silt_document_put(&object, "time", silt_api_time(event->created_ms));
    silt_document_put(&object, "new_findings", json_integer((json_int_t)event->new_findings));
    silt_document_put(&object, "worst", silt_document_string(silt_severity_name(event->worst)));
    silt_document_put(&object, "link", silt_api_text(news->link));
    silt_document_put(&object, "image", json_incref((json_t *)news->image));
    silt_document_put(&object, "findings", json_incref((json_t *)news->findings));
    return object;
}

static bool keep_image(void *context, const struct silt_store_image *image)
{
    *(json_t **)context = silt_api_image(image);
    return false;
}

static bool add_finding(void *context, const struct silt_store_finding *finding)
{
    silt_document_append(context, silt_api_finding(finding));
    return *(json_t **)context != NULL;
}

static enum silt_status read_news(const struct silt_announcement_news *news, json_t **image,
                                  json_t **findings, struct silt_error *error)
{
    struct silt_store *store = news->context->store;
    const struct silt_store_filter filter = {
        .event = news->event->id, .min_severity = news->to->min_severity, .limit = SILT_ANNOUNCEMENT_MOST};
    enum silt_status status = silt_store_image(store, news->event->image, keep_image, image, error);
    if (status == SILT_OK)
        status = silt_store_findings(store, &filter, add_finding, findings, error);
    return status;
}

static void print_link(struct silt_announcement_news *news)
{
    const char *base = news->context->settings->public_url;
    size_t size = base != NULL ? strlen(base) : 0;
    while (size > 0 && base[size - 1] == '/')
        size--;
    news->link[0] = '\0';
    if (size > 0)
        snprintf(news->link, sizeof news->link, "%.*s/images/%" PRId64, (int)size, base, news->event->image);
}

/* The receiver checks who sent it, and knows by the id what it has seen before. */
static void sign(const struct silt_announcement_news *news, struct silt_deliver_letter *letter)
{
    char seal[SILT_SEAL_SIZE], value[SILT_SEAL_SIZE + 16];
    silt_deliver_header(letter, "X-Silt-Delivery", news->event->uid);
    if (news->to->secret == NULL)
        return;
    silt_seal_hmac(news->to->secret, letter->body, letter->size, seal);
    snprintf(value, sizeof value, "sha256=%s", seal);
    silt_deliver_header(letter, "X-Silt-Signature", value);
}

static void send_body(const struct silt_announcement_news *news, struct silt_deliver_letter *letter,
                      json_t *body, struct silt_deliver_outcome *outcome)
{
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT | SILT_DOCUMENT_FLAGS) : NULL;
    json_decref(body);
    *outcome = (struct silt_deliver_outcome){.reason = "out of memory"};
    if (text == NULL)
        return;
    letter->body = text;
    letter->size = strlen(text);
    sign(news, letter);
    silt_deliver_send(letter, outcome);
    free(text);
}

enum silt_status silt_announcement_send(struct silt_announcement_news *news,
                                        struct silt_deliver_outcome *outcome, struct silt_error *error)
{
    const struct silt_announcement_kind *kind = silt_announcement_find(news->to->kind);
    struct silt_deliver_letter letter = {.url = news->to->url, .ca = news->to->ca, .type = kind->type};
    if (kind->announce != NULL)
        return kind->announce(news, outcome, error);
    json_t *image = NULL, *findings = json_array();
    letter.is_ending = news->is_ending;
    letter.context = news->beat;
    enum silt_status status = read_news(news, &image, &findings, error);
    if (status == SILT_OK) {
        news->image = image;
        news->findings = findings;
        print_link(news);
        send_body(news, &letter, kind->make(news, &letter), outcome);
    }
    json_decref(image);
    json_decref(findings);
    return status;
}
