/*
 * nats_inbox.h: the receiving end of nats_outlet.h: parcels into a store.
 */
#ifndef SILT_CLI_SERVE_NATS_NATS_INBOX_H
#define SILT_CLI_SERVE_NATS_NATS_INBOX_H

#include "serve/queue.h"
#include "serve/store.h"

struct silt_nats_inbox;

/* Where parcels go, and the queue that gets a job again whose results are known to workers but not to this
 * store. Both are borrowed. */
struct silt_nats_inbox_settings {
    const char *url;
    struct silt_store *store;
    struct silt_queue *queue;
};

/* Opens it. */
SILT_MUST_USE enum silt_status silt_nats_inbox_open(const struct silt_nats_inbox_settings *settings,
                                                    struct silt_nats_inbox **out, struct silt_error *error);

/* Closes it; NULL is allowed. */
void silt_nats_inbox_close(struct silt_nats_inbox *inbox);

/* What came of one parcel. */
struct silt_nats_inbox_news {
    char image[600]; /* "registry/repository@digest" */
    struct silt_store_news news;
    bool was_known; /* only its tags were new */
};

/* Takes one parcel and keeps it. END: none came. A failure leaves it where it is: later again. */
SILT_MUST_USE enum silt_status silt_nats_inbox_take(struct silt_nats_inbox *inbox,
                                                    struct silt_nats_inbox_news *out,
                                                    struct silt_error *error);

#endif
