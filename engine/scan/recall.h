/*
 * recall.h: results of layers from the cache, and into it: what is believed, and what is kept.
 *
 * A result is kept under a key over the digest of the bytes that it was made of, everything else that decides
 * what is found, and how the blob was taken. It is believed only where this process knows the blob to have
 * that digest: because it has hashed it now, or because a process that could write to the cache did so
 * before and the file system says that the file was not touched since (stream/identity.h). What a manifest
 * says, or a file's name, is never enough.
 */
#ifndef SILT_SCAN_RECALL_H
#define SILT_SCAN_RECALL_H

#include "scan/blob.h"
#include "stream/identity.h"

/* One blob about to be scanned. */
struct silt_recall {
    struct silt_scan *scan;
    const struct silt_blob_task *task;
    struct silt_identity identity; /* as long as nothing is read */
    bool has_identity;
};

/* Begins, before anything is read of the task's stream. Borrows both. Costs nothing without a cache. */
void silt_recall_begin(struct silt_recall *recall, struct silt_scan *scan, const struct silt_blob_task *task);

/* The blob's result, as a scan of it would make it. NOT_FOUND: it is to be scanned. DIGEST: it is to be
 * scanned, but the stream was consumed to find out: open it again. CANCELLED, MEMORY. */
SILT_MUST_USE enum silt_status silt_recall_find(const struct silt_recall *recall, struct silt_result **out,
                                                struct silt_error *error);

/* Keeps the result of a scan that ran to its end, if it may be kept at all. */
void silt_recall_keep(const struct silt_recall *recall, const struct silt_result *result);

#endif
