/*
 * snapshot_file.h: the snapshot of a directory's signature files, in a file DIR/signatures.snapshot.
 */
#ifndef SILT_SIGNATURE_SNAPSHOT_FILE_H
#define SILT_SIGNATURE_SNAPSHOT_FILE_H

#include "signature/set.h"

/* Fills an empty set with what a snapshot of a directory's files holds. SILT_ERR_NOT_FOUND if there is none
 * that can be used; on any failure the set is fit for nothing but to be freed. */
SILT_MUST_USE enum silt_status silt_snapshot_file_read(const char *directory, const char *snapshot_dir,
                                                       struct silt_signatures *set, struct silt_error *error);

/* Writes the snapshot: the set that a directory's files give. */
SILT_MUST_USE enum silt_status silt_snapshot_file_write(const char *directory, const char *snapshot_dir,
                                                        const struct silt_signatures *set,
                                                        struct silt_error *error);

#endif
