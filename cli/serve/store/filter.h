/*
 * filter.h: a filter as the values of a statement's ?1 to ?13, which the conditions of images.c and
 * findings.c name by number.
 */
#ifndef SILT_CLI_SERVE_STORE_FILTER_H
#define SILT_CLI_SERVE_STORE_FILTER_H

#include "serve/store/inside.h"

enum { SILT_FILTER_VALUES = 13 };

struct silt_filter {
    struct silt_sql_value values[SILT_FILTER_VALUES];
    char *pattern; /* for LIKE, with what LIKE knows escaped by a backslash */
};

/* In this order: 1 registry, 2 repository, 3 digest, 4 tag, 5 pattern, 6 signature, 7 image, 8 event, 9 least
 * severity, 10 state or -1, 11 only current, 12 below this id, 13 limit. MEMORY. */
SILT_MUST_USE enum silt_status
silt_filter_init(struct silt_filter *out, const struct silt_store_filter *filter, struct silt_error *error);
void silt_filter_clear(struct silt_filter *filter);

/* Runs a query of the reader in a transaction of its own and hands each row to `read`, which answers false to
 * end. END becomes OK; `*count` (NULL: nobody asks) is how many rows there were. */
SILT_MUST_USE enum silt_status silt_filter_run(struct silt_store *store, const struct silt_sql_query *query,
                                               bool (*read)(const struct silt_sql_rows *rows, void *context),
                                               void *context, size_t *count, struct silt_error *error);

#endif
