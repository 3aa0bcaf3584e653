/*
 * outlet.c: results into the store of this process.
 */
#include "serve/outlet.h"

#include <stdio.h>
#include <stdlib.h>

struct direct {
    struct silt_outlet outlet;
    struct silt_store *store;
};

static enum silt_status direct_put(struct silt_outlet *outlet, const struct silt_store_scan *scan,
                                   struct silt_store_news *news, struct silt_error *error)
{
    return silt_store_put_scan(((struct direct *)outlet)->store, scan, news, error);
}

static enum silt_status direct_know(struct silt_outlet *outlet, const struct silt_store_scan *scan,
                                    struct silt_store_news *news, struct silt_error *error)
{
    return silt_store_know_scan(((struct direct *)outlet)->store, scan, news, error);
}

static void direct_free(struct silt_outlet *outlet)
{
    free(outlet);
}

enum silt_status silt_outlet_new(struct silt_store *store, struct silt_outlet **out, struct silt_error *error)
{
    struct direct *direct = calloc(1, sizeof *direct);
    if (direct == NULL) {
        if (error != NULL)
            snprintf(error->message, sizeof error->message, "out of memory");
        return SILT_ERR_MEMORY;
    }
    *direct = (struct direct){{direct_put, direct_know, direct_free}, store};
    *out = &direct->outlet;
    return SILT_OK;
}

void silt_outlet_free(struct silt_outlet *outlet)
{
    if (outlet != NULL)
        outlet->free(outlet);
}
