/*
 * inside.h: the store from within, and short names for values in SQL.
 */
#ifndef SILT_CLI_SERVE_STORE_INSIDE_H
#define SILT_CLI_SERVE_STORE_INSIDE_H

#include "serve/database/sql.h"
#include "serve/parcel.h"
#include "serve/store.h"

struct silt_store {
    struct silt_sql *writer, *reader;
    struct silt_store_channel *channels; /* owned, with their names */
    size_t channel_count;
    struct silt_stash names;
    int64_t (*now_ms)(void);
};

/* The tables' steps. */
extern const struct silt_sql_part silt_schema_part;

static inline struct silt_sql_value text(const char *value)
{
    return silt_sql_text(value);
}

static inline struct silt_sql_value integer(int64_t value)
{
    return silt_sql_integer(value);
}

/* A member's text or number (parcel.h). */
static inline const char *word(const json_t *object, const char *key)
{
    return silt_parcel_word(object, key);
}

static inline struct silt_sql_value number(const json_t *object, const char *key)
{
    return silt_sql_integer(silt_parcel_number(object, key));
}

/* A scan on its way into the tables. */
struct silt_put {
    struct silt_store *store;
    struct silt_sql *sql; /* the writer, in a transaction */
    const json_t *parcel;
    struct silt_store_news *news;
    int64_t repository, now_ms;
    bool is_news; /* a scan that was not there, whether or not it found something */
    int worst;    /* severity of what is new; -1: nothing is */
};

/* Puts a target's image, layers and findings (put_image.c, put_finding.c). */
SILT_MUST_USE enum silt_status silt_put_image(struct silt_put *put, const json_t *target, int64_t *out,
                                              struct silt_error *error);
SILT_MUST_USE enum silt_status silt_put_finding(struct silt_put *put, int64_t image, const json_t *finding,
                                                struct silt_error *error);

/* Notes a finding as new, in the event that it makes at the first (outbox.c). */
SILT_MUST_USE enum silt_status silt_outbox_note(struct silt_put *put, int64_t finding, int severity,
                                                struct silt_error *error);

/* Addresses the event, if there is one to be sent, to the channels that want it (outbox.c). */
SILT_MUST_USE enum silt_status silt_outbox_address(struct silt_put *put, struct silt_error *error);

/* Moves the scan's tags to its digest, then finds what is current, fixed, or back (settle.c). */
SILT_MUST_USE enum silt_status silt_settle_tags(struct silt_put *put, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_settle_findings(struct silt_put *put, struct silt_error *error);

/* Says what is not there; NOT_FOUND. */
SILT_MUST_USE enum silt_status silt_store_missing(struct silt_error *error, const char *what, int64_t id);

/* Says that memory is out; MEMORY. */
SILT_MUST_USE enum silt_status silt_store_memory(struct silt_error *error);

#endif
