/*
 * exchange.h: one HTTP request and its answer, whose body is pulled. Never decompresses: what the server
 * stored is what comes out. Follows nothing, knows no logins, tries once.
 */
#ifndef SILT_REGISTRY_EXCHANGE_H
#define SILT_REGISTRY_EXCHANGE_H

#include "registry/client.h"

struct silt_request {
    const char *url;
    const char *accept;          /* media types; NULL: any */
    const char *authorization;   /* the header's value; NULL: none */
    const char *form;            /* sent as POST; NULL: GET */
    const char *method;          /* "POST" or "PUT", with the body below; NULL: as the form says */
    struct silt_span body;       /* borrowed until the answer's head is there */
    const char *content_type;    /* of the body */
    const char *socket;          /* path of a Unix socket to send to; NULL: the address says where */
    const char *ca, *cert, *key; /* PEM files; NULL: none */
    uint64_t range_from;         /* ask for the bytes from here on; 0: all */
    uint64_t stall_ms;           /* 0: the client's */
};

struct silt_exchange;

/* Sends and waits for the head of the answer, whatever its code. IO if it does not come; *may_retry says
 * whether asking again could help. CANCELLED. */
SILT_MUST_USE enum silt_status silt_exchange_open(struct silt_client *client,
                                                  const struct silt_request *request,
                                                  struct silt_exchange **out, bool *may_retry,
                                                  struct silt_error *error);

/* The answer's code. */
unsigned silt_exchange_code(const struct silt_exchange *exchange);

/* The value of the answer's header number `index` of that name, blanks around it removed; empty if there is
 * none. Borrowed. */
struct silt_span silt_exchange_header(const struct silt_exchange *exchange, const char *name, size_t index);

/* The length that the answer promises, -1 if it does not. */
int64_t silt_exchange_length(const struct silt_exchange *exchange);

/* Waits for bytes of the body: at least one, at most `size`. END behind the last, IO if it breaks off. */
SILT_MUST_USE enum silt_status silt_exchange_read(struct silt_exchange *exchange, uint8_t *room, size_t size,
                                                  size_t *made, struct silt_error *error);

/* Appends the rest of the body to a buffer; LIMIT if that makes more than `most` bytes. */
SILT_MUST_USE enum silt_status silt_exchange_read_all(struct silt_exchange *exchange, size_t most,
                                                      struct silt_buffer *out, struct silt_error *error);

/* Ends it, wherever it is; NULL is allowed. */
void silt_exchange_free(struct silt_exchange *exchange);

#endif
