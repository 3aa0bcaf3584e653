/*
 * deliver.h: a letter to a configured address: one HTTP POST. It follows no redirection and reads of the
 * answer nothing but its code and Retry-After.
 */
#ifndef SILT_CLI_SERVE_DELIVER_DELIVER_H
#define SILT_CLI_SERVE_DELIVER_DELIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SILT_DELIVER_MOST_HEADERS = 8, SILT_DELIVER_HEADER_SIZE = 256, SILT_DELIVER_REASON_SIZE = 200 };

/* Zero-initialise. */
struct silt_deliver_letter {
    const char *url;
    const char *ca; /* PEM, beside the system's; NULL: none */
    const char *type;
    const void *body;
    size_t size;
    char headers[SILT_DELIVER_MOST_HEADERS][SILT_DELIVER_HEADER_SIZE]; /* "Name: value" */
    size_t header_count;
    bool (*is_ending)(void *context); /* asked now and then: true breaks it off */
    void *context;
};

/* What became of it. */
struct silt_deliver_outcome {
    bool is_taken;                         /* 2xx */
    bool is_final;                         /* 410: the receiver is gone for good */
    uint64_t retry_after_ms;               /* what it asked for, or 0 */
    char reason[SILT_DELIVER_REASON_SIZE]; /* in words, without the address; "" if it was taken */
};

/* Adds a header; what does not fit, or holds a line's end, is left out. */
void silt_deliver_header(struct silt_deliver_letter *letter, const char *name, const char *value);

/* Sends it; takes at most ten seconds. */
void silt_deliver_send(const struct silt_deliver_letter *letter, struct silt_deliver_outcome *out);

#endif
