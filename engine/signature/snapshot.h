/*
 * snapshot.h: a set of signatures as one piece of bytes that is used where it lies.
 *
 * The form: a head; a row of 32-bit words; text. The words are, for each signature, its fields in the order
 * of snapshot_fields.h: a number stands for itself, a text is its offset, a list is a count and offsets.
 * The text ends with a NUL, so whatever offset lies in it is a terminated string. Names of files stand first.
 */
#ifndef SILT_SIGNATURE_SNAPSHOT_H
#define SILT_SIGNATURE_SNAPSHOT_H

#include "base/buffer.h"
#include "base/digest.h"
#include "signature/set.h"

/* The key of what these functions make of a directory's files: a hash of all their bytes and of all else that
 * decides what is read. */
SILT_MUST_USE enum silt_status silt_snapshot_key(const char *directory, struct silt_digest *out,
                                                 struct silt_error *error);

/* Appends the form of a set. */
SILT_MUST_USE enum silt_status silt_snapshot_print(const struct silt_signatures *set, struct silt_buffer *out,
                                                   struct silt_error *error);

/* Reads the form into an empty set, whose text then lies in `bytes`: they must live as long. Signatures are
 * said to come from files in `directory`. Takes any bytes: SILT_ERR_CORRUPT for what is no such form, and
 * then the set is fit for nothing but to be freed. */
SILT_MUST_USE enum silt_status silt_snapshot_parse(struct silt_span bytes, const char *directory,
                                                   struct silt_signatures *set, struct silt_error *error);

#endif
