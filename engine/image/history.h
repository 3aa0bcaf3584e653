/*
 * history.h: the build history of an image config (OCI image spec, config.md "history").
 */
#ifndef SILT_IMAGE_HISTORY_H
#define SILT_IMAGE_HISTORY_H

#include "image/reader.h"

/* Reads the array into the manifest (arena memory). */
SILT_MUST_USE enum silt_status silt_history_read(struct silt_reader *reader, struct silt_manifest *manifest,
                                                 const struct silt_json *list, struct silt_error *error);

/* Matches the entries that are not empty to the manifest's first `layer_count` blobs, in order. If there are
 * not as many, nobody knows which made which: all stay -1, and false is answered. */
bool silt_history_link(struct silt_manifest *manifest, size_t layer_count);

/* The last instruction of a keyword ("ENV", "LABEL", "CMD") that sets `name` (NULL: any); -1 if there is
 * none, or if the reader has looked through 64 MiB of history already. */
int silt_history_find(struct silt_reader *reader, const struct silt_manifest *manifest, const char *keyword,
                      const char *name);

/* Puts what the entries say as texts. Build arguments, which classic builders repeat in front of every later
 * RUN
 * ("|2 A=b C=d /bin/sh -c …"), are put once. */
SILT_MUST_USE enum silt_status silt_history_put_texts(struct silt_reader *reader,
                                                      const struct silt_json *list, struct silt_error *error);

#endif
