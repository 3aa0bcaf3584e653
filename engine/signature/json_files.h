/*
 * json_files.h: the signature files of a directory: which they are, in which order, what is in them.
 */
#ifndef SILT_SIGNATURE_JSON_FILES_H
#define SILT_SIGNATURE_JSON_FILES_H

#include "base/array.h"
#include "base/buffer.h"
#include "base/hasher.h"

/* The paths DIRECTORY/NAME.json of a directory, in the order of their names; hidden files are left out.
 * Items are char *. Clear `out` in any case. */
SILT_MUST_USE enum silt_status silt_json_files_list(const char *directory, struct silt_array *out,
                                                    struct silt_error *error);
void silt_json_files_clear(struct silt_array *paths);

/* The text of one file, appended; at most 8 MiB. */
SILT_MUST_USE enum silt_status silt_json_files_read(const char *path, struct silt_buffer *out,
                                                    struct silt_error *error);

/* Puts names and bytes of a directory's files into a hash: any change of either gives another one. */
SILT_MUST_USE enum silt_status silt_json_files_hash(const char *directory, struct silt_hasher *hasher,
                                                    struct silt_error *error);

/* SILT_ERR_NOT_FOUND or SILT_ERR_IO by errno, with the path. */
enum silt_status silt_json_files_failed(const char *path, struct silt_error *error);

#endif
