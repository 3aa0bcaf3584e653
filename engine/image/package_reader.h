/*
 * package_reader.h: package records read as they stream by.
 */
#ifndef SILT_IMAGE_PACKAGE_READER_H
#define SILT_IMAGE_PACKAGE_READER_H

#include "image/package_format.h"

/* Whether a file of that name (clean, in no archive) is a package record. */
const struct silt_package_format *silt_package_reader_find(struct silt_span path);

/* Begins a record; what it says goes into `packages`, which is borrowed. MEMORY. A reading may be used for
 * one record after another; it keeps its buffers until it is cleared. */
SILT_MUST_USE enum silt_status
silt_package_reader_begin(struct silt_package_reading *reading, const struct silt_package_format *format,
                          struct silt_span path, struct silt_packages *packages, struct silt_error *error);

/* Takes the next bytes of the record. A failure is told at its end. */
void silt_package_reader_put(struct silt_package_reading *reading, struct silt_span bytes);

/* Ends the record; is_whole: its last byte was seen. MEMORY. */
SILT_MUST_USE enum silt_status silt_package_reader_end(struct silt_package_reading *reading, bool is_whole,
                                                       struct silt_error *error);

/* Frees the buffers. */
void silt_package_reader_clear(struct silt_package_reading *reading);

/* ---- for formats ---- */

/* From here on facts are about this package. */
void silt_package_reader_put_name(struct silt_package_reading *reading, struct silt_span name,
                                  struct silt_span version);

/* A file of the package at hand: its path, from the root or from `directory`, and its checksum as bytes
 * (empty: none). Does nothing while no package is at hand. */
void silt_package_reader_put_file(struct silt_package_reading *reading, struct silt_span directory,
                                  struct silt_span path, enum silt_package_fact_kind kind,
                                  struct silt_span checksum);

/* Keeps text for later in one of the format's buffers. */
void silt_package_reader_keep(struct silt_package_reading *reading, struct silt_buffer *buffer,
                              struct silt_span text);

#endif
