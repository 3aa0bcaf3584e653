/*
 * webhook.c: the news as they are. X-Silt-Delivery is the same at every try; X-Silt-Signature, if there is a
 * secret, the HMAC-SHA-256 of the body.
 */
#include "serve/announcements/announcement.h"

static json_t *make(const struct silt_announcement_news *news, struct silt_deliver_letter *letter)
{
    silt_deliver_header(letter, "X-Silt-Event", "findings.new");
    return silt_announcement_document(news);
}

const struct silt_announcement_kind silt_announcement_webhook = {
    .name = "webhook",
    .type = "application/json",
    .make = make,
};
