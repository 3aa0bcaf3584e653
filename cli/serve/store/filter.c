/*
 * filter.c: what is asked for, as values; and the loop over what answers.
 */
#include "serve/store/filter.h"

#include <stdlib.h>
#include <string.h>

static char *pattern_new(const char *words)
{
    if (words == NULL || *words == '\0')
        return strdup("");
    char *pattern = malloc(2 * strlen(words) + 3), *to = pattern;
    if (pattern == NULL)
        return NULL;
    *to++ = '%';
    for (const char *from = words; *from != '\0'; from++) {
        if (strchr("%_\\", *from) != NULL)
            *to++ = '\\';
        *to++ = *from;
    }
    *to++ = '%';
    *to = '\0';
    return pattern;
}

enum silt_status silt_filter_init(struct silt_filter *out, const struct silt_store_filter *filter,
                                  struct silt_error *error)
{
    *out = (struct silt_filter){.pattern = pattern_new(filter->text)};
    if (out->pattern == NULL)
        return silt_store_memory(error);
    const struct silt_sql_value values[SILT_FILTER_VALUES] = {
        text(filter->registry),
        text(filter->repository),
        text(filter->digest),
        text(filter->tag),
        text(out->pattern),
        text(filter->signature),
        integer(filter->image),
        integer(filter->event),
        integer(filter->min_severity),
        integer(filter->has_state ? (int)filter->state : -1),
        integer(filter->only_current),
        integer(filter->before > 0 ? filter->before : INT64_MAX),
        integer(filter->limit),
    };
    memcpy(out->values, values, sizeof values);
    return SILT_OK;
}

void silt_filter_clear(struct silt_filter *filter)
{
    free(filter->pattern);
}

enum silt_status silt_filter_run(struct silt_store *store, const struct silt_sql_query *query,
                                 bool (*read)(const struct silt_sql_rows *rows, void *context), void *context,
                                 size_t *count, struct silt_error *error)
{
    struct silt_sql_rows *rows;
    size_t met = 0;
    enum silt_status status = silt_sql_begin_reading(store->reader, error);
    if (status != SILT_OK)
        return status;
    status = silt_sql_select(store->reader, query, &rows, error);
    for (bool goes_on = true; status == SILT_OK && goes_on;) {
        status = silt_sql_next(rows, error);
        if (status != SILT_OK)
            break;
        met++;
        goes_on = read(rows, context);
    }
    silt_sql_close_rows(rows);
    status = silt_sql_end(store->reader, status, error);
    if (count != NULL)
        *count = met;
    return status == SILT_END ? SILT_OK : status;
}
