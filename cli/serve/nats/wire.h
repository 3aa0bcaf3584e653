/*
 * wire.h: a connection to NATS, and what silt asks of JetStream. All functions may be called from several
 * threads at once.
 */
#ifndef SILT_CLI_SERVE_NATS_WIRE_H
#define SILT_CLI_SERVE_NATS_WIRE_H

#include <silt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SILT_WIRE_JOBS "SILT_JOBS"
#define SILT_WIRE_LATER "SILT_LATER"
#define SILT_WIRE_DEAD "SILT_DEAD"

struct silt_wire;

/* Connects; a connection that breaks later is made again for as long as it takes. IO. */
SILT_MUST_USE enum silt_status silt_wire_open(const char *url, struct silt_wire **out,
                                              struct silt_error *error);

/* Disconnects; NULL is allowed. */
void silt_wire_close(struct silt_wire *wire);

/* Makes a stream as described, or makes one that is there so. */
struct silt_wire_stream {
    const char *name, *subjects; /* "silt.jobs.>" */
    bool is_work_queue;          /* what is acknowledged goes */
    bool keeps_old; /* full, or one message a subject: what is new is refused, not what is old dropped */
    uint64_t max_messages; /* 0: no bound */
    uint64_t max_age_ms;   /* 0: for ever */
};
SILT_MUST_USE enum silt_status silt_wire_make_stream(struct silt_wire *wire,
                                                     const struct silt_wire_stream *stream,
                                                     struct silt_error *error);

/* Makes a durable pull consumer. */
struct silt_wire_consumer {
    const char *stream, *name, *filter;
    uint64_t ack_wait_ms;
    unsigned max_pending;
};
SILT_MUST_USE enum silt_status silt_wire_make_consumer(struct silt_wire *wire,
                                                       const struct silt_wire_consumer *consumer,
                                                       struct silt_error *error);

enum silt_wire_answer {
    SILT_WIRE_KEPT,
    SILT_WIRE_KNOWN,    /* a message with this id was kept before */
    SILT_WIRE_OCCUPIED, /* the subject has its one message */
    SILT_WIRE_FULL,
    SILT_WIRE_NO_SPACE,
    SILT_WIRE_FAILED,
};

/* Publishes, and waits until the stream has it. OK for the first three answers; `*sequence` is where it is
 * (KEPT, KNOWN). `id` tells repeats apart; NULL: none. */
struct silt_wire_message {
    const char *subject, *id, *data;
};
SILT_MUST_USE enum silt_status silt_wire_publish(struct silt_wire *wire,
                                                 const struct silt_wire_message *message,
                                                 enum silt_wire_answer *answer, uint64_t *sequence,
                                                 struct silt_error *error);

/* A message that came; texts are made by malloc. */
struct silt_wire_mail {
    char *data, *reply, *subject;
    uint64_t sequence;
    unsigned deliveries; /* this one included; 0 where it was only looked at */
};
void silt_wire_mail_clear(struct silt_wire_mail *mail);

/* The next message of a consumer, at once; END: none. */
SILT_MUST_USE enum silt_status silt_wire_next(struct silt_wire *wire, const char *stream,
                                              const char *consumer, struct silt_wire_mail *out,
                                              struct silt_error *error);

/* Tells what became of a message: "+ACK", "+WPI" (in progress), "-NAK {\"delay\": ns}"; waits until the
 * server knows. */
SILT_MUST_USE enum silt_status silt_wire_tell(struct silt_wire *wire, const char *reply, const char *what,
                                              struct silt_error *error);

/* Looks at a message by its number, or at the last of a subject; NOT_FOUND. */
SILT_MUST_USE enum silt_status silt_wire_look(struct silt_wire *wire, const char *stream, uint64_t sequence,
                                              struct silt_wire_mail *out, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_wire_look_last(struct silt_wire *wire, const char *stream,
                                                   const char *subject, struct silt_wire_mail *out,
                                                   struct silt_error *error);

/* Removes a message. */
SILT_MUST_USE enum silt_status silt_wire_remove(struct silt_wire *wire, const char *stream, uint64_t sequence,
                                                struct silt_error *error);

struct silt_wire_figures {
    uint64_t messages, first, last;
    int64_t first_ms; /* when the first was put */
};
SILT_MUST_USE enum silt_status silt_wire_measure(struct silt_wire *wire, const char *stream,
                                                 struct silt_wire_figures *out, struct silt_error *error);

/* How many messages of a consumer are held, and up to which number it has handed them out. */
SILT_MUST_USE enum silt_status silt_wire_pending(struct silt_wire *wire, const char *stream,
                                                 const char *consumer, uint64_t *held, uint64_t *delivered,
                                                 struct silt_error *error);

/* Appends a text to a subject as one token: what NATS does not take in one becomes =XX. "" becomes "=". */
bool silt_wire_put_token(char *subject, size_t size, const char *text);

#endif
