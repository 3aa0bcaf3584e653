/*
 * nats_outlet.h: results of scans by NATS: workers send them, one service keeps them in its store.
 *
 * A scan travels as a parcel (parcel.h) on the stream SILT_RESULTS; one that is larger than a message goes in
 * parts, on SILT_PARTS, and the message on SILT_RESULTS names them. What the store keeps is noted in the
 * bucket SILT_KNOWN, so that a worker need not scan it again.
 */
#ifndef SILT_CLI_SERVE_NATS_NATS_OUTLET_H
#define SILT_CLI_SERVE_NATS_NATS_OUTLET_H

#include "serve/nats/wire.h"
#include "serve/outlet.h"

#define SILT_NATS_OUTLET_RESULTS "SILT_RESULTS"
#define SILT_NATS_OUTLET_PARTS "SILT_PARTS"
#define SILT_NATS_OUTLET_KNOWN "KV_SILT_KNOWN"

enum { SILT_NATS_OUTLET_SUBJECT_SIZE = 2048 };

/* Opens the sending end. */
SILT_MUST_USE enum silt_status silt_nats_outlet_open(const char *url, struct silt_outlet **out,
                                                     struct silt_error *error);

/* Makes the streams of both ends. */
SILT_MUST_USE enum silt_status silt_nats_outlet_make_streams(struct silt_wire *wire,
                                                             struct silt_error *error);

/* The consumer of results. */
extern const struct silt_wire_consumer silt_nats_outlet_consumer;

/* Where it is noted that an image is in the store. False if that is too long. */
bool silt_nats_outlet_known(char out[SILT_NATS_OUTLET_SUBJECT_SIZE], const char *registry,
                            const char *repository, const char *digest);

/* Where a part of a parcel is. */
void silt_nats_outlet_part(char out[SILT_NATS_OUTLET_SUBJECT_SIZE], const char *parcel, unsigned part);

#endif
