/*
 * fleet.c: from the inbox to the store, one parcel after the other.
 */
#include "serve/fleet.h"

#include "serve/beat.h"
#include "serve/log.h"
#include "serve/nats/nats_inbox.h"
#include "serve/settings.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PAUSE_MS = 100, TROUBLE_MS = 2000 };

struct silt_fleet {
    struct silt_nats_inbox *inbox;
    struct silt_beat *beat;
};

static void tell(const struct silt_nats_inbox_news *news)
{
    if (news->was_known)
        silt_log_print("%s: known, its tags are noted", news->image);
    else
        silt_log_print("%s: kept, %" PRIu64 " new, %" PRIu64 " fixed", news->image, news->news.found,
                       news->news.fixed);
}

/* Until nothing comes. */
static void receive(void *context, struct silt_beat *beat)
{
    struct silt_fleet *fleet = context;
    enum silt_status status = SILT_OK;
    while (status == SILT_OK && !silt_beat_is_ending(beat)) {
        struct silt_nats_inbox_news news;
        struct silt_error error = {0};
        status = silt_nats_inbox_take(fleet->inbox, &news, &error);
        if (status == SILT_OK)
            tell(&news);
        else if (status != SILT_END) {
            silt_log_print("a result is not kept: %s", error.message);
            silt_beat_wait(beat, TROUBLE_MS);
        }
    }
}

enum silt_status silt_fleet_start(const struct silt_context *context, struct silt_fleet **out,
                                  struct silt_error *error)
{
    const struct silt_nats_inbox_settings settings = {context->settings->nats, context->store,
                                                      context->queue};
    struct silt_fleet *fleet = calloc(1, sizeof *fleet);
    if (fleet == NULL)
        return SILT_ERR_MEMORY;
    enum silt_status status = silt_nats_inbox_open(&settings, &fleet->inbox, error);
    if (status == SILT_OK)
        status = silt_beat_start(receive, fleet, PAUSE_MS, &fleet->beat, error);
    if (status == SILT_OK)
        *out = fleet;
    else
        silt_fleet_stop(fleet);
    return status;
}

void silt_fleet_stop(struct silt_fleet *fleet)
{
    if (fleet == NULL)
        return;
    silt_beat_stop(fleet->beat);
    silt_nats_inbox_close(fleet->inbox);
    free(fleet);
}
