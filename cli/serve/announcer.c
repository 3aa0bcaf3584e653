/*
 * announcer.c: looks every two seconds for events that are due. A channel whose receiver fails waits for its
 * next turn, so that it holds up no other.
 */
#include "serve/announcer.h"

#include "serve/announcements/announcement.h"
#include "serve/beat.h"
#include "serve/log.h"

#include <silt/seal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAUSE_MS = 2000 };

struct silt_announcer {
    const struct silt_context *context;
    struct silt_beat *beat;
    struct silt_store_channel *channels;
};

const char *silt_announcer_print_name(const struct silt_settings_announcement *announcement,
                                      char out[SILT_ANNOUNCER_NAME_SIZE])
{
    const char *url = announcement->url != NULL ? announcement->url : "";
    const char *host = strstr(url, "://");
    const char *at = host != NULL ? strpbrk(host + 3, "@/?#") : NULL;
    char hash[SILT_SEAL_SIZE];
    host = host == NULL ? "" : at != NULL && *at == '@' ? at + 1 : host + 3;
    silt_seal_hash(url, strlen(url), hash);
    if (url[0] == '\0')
        snprintf(out, SILT_ANNOUNCER_NAME_SIZE, "%s", announcement->kind);
    else
        snprintf(out, SILT_ANNOUNCER_NAME_SIZE, "%s %.*s %.8s", announcement->kind,
                 (int)(strcspn(host, "/?#") < 80 ? strcspn(host, "/?#") : 80), host, hash);
    return out;
}

struct silt_store_channel *silt_announcer_channels_new(const struct silt_settings *settings)
{
    size_t count = settings->announcement_count;
    struct silt_store_channel *channels =
        calloc(1, (count + 1) * sizeof *channels + count * SILT_ANNOUNCER_NAME_SIZE);
    char *name = channels != NULL ? (char *)(channels + count + 1) : NULL;
    for (size_t i = 0; i < count && channels != NULL; i++, name += SILT_ANNOUNCER_NAME_SIZE) {
        const struct silt_settings_announcement *it = &settings->announcements[i];
        channels[i].name = silt_announcer_print_name(it, name);
        channels[i].min_severity = it->min_severity;
        channels[i].wants_all = strcmp(it->kind, "referrer") == 0;
    }
    return channels;
}

void silt_announcer_channels_free(struct silt_store_channel *channels)
{
    free(channels);
}

static bool is_ending(void *context)
{
    return silt_beat_is_ending(context);
}

/* Notes what became of an event. False if the channel is to wait. */
static bool settle(const struct silt_announcer *announcer, const char *channel,
                   const struct silt_store_event *event, const struct silt_deliver_outcome *outcome)
{
    struct silt_error error = {0};
    const struct silt_store_unsent unsent = {
        .reason = outcome->reason, .retry_after_ms = outcome->retry_after_ms, .is_final = outcome->is_final};
    struct silt_store *store = announcer->context->store;
    enum silt_status status = outcome->is_taken
                                  ? silt_store_event_sent(store, channel, event->id, &error)
                                  : silt_store_event_unsent(store, channel, event->id, &unsent, &error);
    if (status != SILT_OK)
        silt_log_print("%s: what was announced cannot be noted: %s", channel, error.message);
    else if (!outcome->is_taken)
        silt_log_print("%s: not announced, %s: %s", channel,
                       outcome->is_final ? "and never will be" : "again later", outcome->reason);
    return outcome->is_taken && status == SILT_OK;
}

/* Sends one event. False if there is none, or the channel is to wait. */
static bool announce_one(const struct silt_announcer *announcer, struct silt_beat *beat, size_t index)
{
    const struct silt_settings *settings = announcer->context->settings;
    const char *channel = announcer->channels[index].name;
    struct silt_store_event event = {0};
    struct silt_error error = {0};
    struct silt_deliver_outcome outcome = {0};
    if (silt_store_take_event(announcer->context->store, channel, &event, &error) != SILT_OK)
        return false;
    struct silt_announcement_news news = {.context = announcer->context,
                                          .to = &settings->announcements[index],
                                          .event = &event,
                                          .is_ending = is_ending,
                                          .beat = beat};
    enum silt_status status = silt_announcement_send(&news, &outcome, &error);
    if (status != SILT_OK) { /* gone: there is nothing left to tell of */
        outcome = (struct silt_deliver_outcome){.is_final = status == SILT_ERR_NOT_FOUND};
        snprintf(outcome.reason, sizeof outcome.reason, "%.*s", (int)sizeof outcome.reason - 1,
                 error.message);
    }
    bool goes_on = settle(announcer, channel, &event, &outcome);
    silt_store_event_clear(&event);
    return goes_on;
}

static void announce(void *context, struct silt_beat *beat)
{
    const struct silt_announcer *announcer = context;
    for (size_t i = 0; i < announcer->context->settings->announcement_count; i++)
        while (!silt_beat_is_ending(beat) && announce_one(announcer, beat, i))
            ;
}

enum silt_status silt_announcer_start(const struct silt_context *context, struct silt_announcer **out,
                                      struct silt_error *error)
{
    const struct silt_settings *settings = context->settings;
    enum silt_status status = SILT_ERR_MEMORY;
    struct silt_announcer *announcer = calloc(1, sizeof *announcer);
    *out = NULL;
    if (announcer == NULL)
        return status;
    announcer->context = context;
    announcer->channels = silt_announcer_channels_new(settings);
    if (announcer->channels != NULL)
        status = silt_beat_start(announce, announcer, PAUSE_MS, &announcer->beat, error);
    if (status == SILT_OK) {
        *out = announcer;
        return SILT_OK;
    }
    silt_announcer_channels_free(announcer->channels);
    free(announcer);
    return status;
}

void silt_announcer_stop(struct silt_announcer *announcer)
{
    if (announcer == NULL)
        return;
    silt_beat_stop(announcer->beat);
    silt_announcer_channels_free(announcer->channels);
    free(announcer);
}
