/*
 * outlet.h: where a worker's results go: into the store of its own process, or to one elsewhere.
 */
#ifndef SILT_CLI_SERVE_OUTLET_H
#define SILT_CLI_SERVE_OUTLET_H

#include "serve/store.h"

/* First member of every kind. put and know are as silt_store_put_scan and silt_store_know_scan, from any
 * thread; where the store is elsewhere, `news` stays zero. */
struct silt_outlet {
    enum silt_status (*put)(struct silt_outlet *outlet, const struct silt_store_scan *scan,
                            struct silt_store_news *news, struct silt_error *error);
    enum silt_status (*know)(struct silt_outlet *outlet, const struct silt_store_scan *scan,
                             struct silt_store_news *news, struct silt_error *error);
    void (*free)(struct silt_outlet *outlet);
};

/* Into a store, which is borrowed. MEMORY. */
SILT_MUST_USE enum silt_status silt_outlet_new(struct silt_store *store, struct silt_outlet **out,
                                               struct silt_error *error);

/* Frees it; NULL is allowed. */
void silt_outlet_free(struct silt_outlet *outlet);

#endif
