/*
 * tape.h: targets that come as one stream, read once: a file or archive, standard input. If the stream turns
 * out to hold an image (docker save or an OCI archive, compressed or not), it is reported as one, although
 * the documents that say so may come last.
 */
#ifndef SILT_SCAN_TAPE_H
#define SILT_SCAN_TAPE_H

#include "scan/tour.h"

/* Scans the one blob of the tour's source. Answers as silt_images_scan. */
SILT_MUST_USE enum silt_status silt_tape_scan(struct silt_tour *tour, struct silt_error *error);

/* Scans a stream called `name`; the tour needs no source. Borrows the stream. */
SILT_MUST_USE enum silt_status silt_tape_scan_stream(struct silt_tour *tour, struct silt_span name,
                                                     struct silt_stream *stream, struct silt_error *error);

#endif
