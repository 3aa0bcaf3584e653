/*
 * blob.h: one blob to one result: digest check, decompression, archive walk, every entry inspected.
 */
#ifndef SILT_SCAN_BLOB_H
#define SILT_SCAN_BLOB_H

#include "scan/worker.h"

struct silt_blob_task {
    struct silt_stream *stream; /* as stored; borrowed, consumed to its end */
    struct silt_span name;      /* for paths and messages; may be empty for a layer */
    bool is_layer;              /* a file system layer. Otherwise a file; but see finds_layers */
    bool finds_layers;          /* take a file that is a tar, perhaps compressed, as a layer: it may be one */
    bool is_target;             /* the file is the target itself and stands in no chain */
    bool reads_ahead;           /* a second thread may inflate */
    const char *digest;         /* expected "sha256:…" or NULL */
    const char *diff_id;        /* expected, or NULL */
};

/* Scans the blob into the worker's result. Damage is in the result as skips and problems; answers only
 * MEMORY, CANCELLED and LIMIT (--max-total-size), which end the target. */
SILT_MUST_USE enum silt_status silt_blob_scan(struct silt_worker *worker, const struct silt_blob_task *task,
                                              struct silt_error *error);

/* Scans a file (or the archive that it is) from a stream that needs no digest, with less ado: for the many
 * files of a directory or archive. The same answers. */
SILT_MUST_USE enum silt_status silt_blob_scan_file(struct silt_worker *worker, struct silt_stream *stream,
                                                   struct silt_span name, struct silt_error *error);

/* Scans one entry of a walk into the worker's result; the same answers. */
SILT_MUST_USE enum silt_status silt_blob_scan_entry(struct silt_worker *worker, const struct silt_walk *walk,
                                                    const struct silt_entry *entry, struct silt_error *error);

#endif
