/*
 * announcer.h: a thread that tells the world what the store says is new: each event to each configured
 * channel, at least once, with an id that is the same at every try.
 */
#ifndef SILT_CLI_SERVE_ANNOUNCER_H
#define SILT_CLI_SERVE_ANNOUNCER_H

#include "context.h"
#include "settings.h"
#include "store.h"

struct silt_announcer;

/* Starts it. It needs settings, store and signatures of the context. */
SILT_MUST_USE enum silt_status silt_announcer_start(const struct silt_context *context,
                                                    struct silt_announcer **out, struct silt_error *error);

/* Ends it within a few seconds, and frees it; what was not sent stays due. NULL is allowed. */
void silt_announcer_stop(struct silt_announcer *announcer);

enum { SILT_ANNOUNCER_NAME_SIZE = 128 };

/* The store's name of a channel: kind, host, and a hash of the address, which may hold a secret itself. */
const char *silt_announcer_print_name(const struct silt_settings_announcement *announcement,
                                      char out[SILT_ANNOUNCER_NAME_SIZE]);

/* The store's channels for the configured announcements: an array made by malloc with settings->
 * announcement_count items, whose names go with it at silt_announcer_channels_free. NULL when memory is out.
 */
struct silt_store_channel *silt_announcer_channels_new(const struct silt_settings *settings);
void silt_announcer_channels_free(struct silt_store_channel *channels);

#endif
