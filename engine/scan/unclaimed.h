/*
 * unclaimed.h: what a source holds beside the images that were chosen: legacy documents, entries that later
 * ones replaced, bytes behind an archive's end, blobs that no manifest names. Nothing of it is passed over in
 * silence.
 */
#ifndef SILT_SCAN_UNCLAIMED_H
#define SILT_SCAN_UNCLAIMED_H

#include "image/catalog.h"
#include "scan/tour.h"
#include "scan/worker.h"

/* A source that passes another's `find` through and remembers the names. Zero-initialise, open, clear. */
struct silt_unclaimed {
    struct silt_source source; /* to be given to the catalog; first member */
    struct silt_source *inner;
    struct silt_array names; /* of char *, asked for */
    struct silt_arena arena;
};

/* Begins to remember. Borrows the source. */
void silt_unclaimed_init(struct silt_unclaimed *unclaimed, struct silt_source *source);

/* Goes through all blobs of the source that were not asked for and that `catalog` names as no layer. Small
 * ones become documents of the catalog; others are scanned into worker->result, or, if the user chose among
 * several images, reported there as skipped. The same answers as silt_blob_scan. */
SILT_MUST_USE enum silt_status silt_unclaimed_scan(struct silt_unclaimed *unclaimed, struct silt_tour *tour,
                                                   struct silt_worker *worker, struct silt_catalog *catalog,
                                                   struct silt_error *error);

/* Frees the names. */
void silt_unclaimed_clear(struct silt_unclaimed *unclaimed);

#endif
