/*
 * images.h: targets that are images whose blobs can be found by name: each layer once, in parallel.
 */
#ifndef SILT_SCAN_IMAGES_H
#define SILT_SCAN_IMAGES_H

#include "image/catalog.h"
#include "scan/result.h"
#include "scan/tour.h"

/* Scans all selected images of the tour's source and emits each. Answers OK or CANCELLED (what was found was
 * emitted), or an error when the target could not be read at all. */
SILT_MUST_USE enum silt_status silt_images_scan(struct silt_tour *tour, struct silt_error *error);

/* How images.c finds a layer's result: by the blob's name. NULL if it was not scanned. */
typedef const struct silt_result *silt_images_lookup(void *context, const char *blob_name);

/* What is known of a catalog's blobs. `loose` (NULL: nothing) belongs to no layer and is told with the first
 * image. */
struct silt_gathering {
    silt_images_lookup *lookup;
    void *context;
    const struct silt_result *loose;
    const struct silt_error *cut; /* why the scan ended early, NULL if it did not */
};

/* Scans the catalog's documents and emits its images with the results that lookup answers. */
SILT_MUST_USE enum silt_status silt_images_emit(struct silt_tour *tour, const struct silt_catalog *catalog,
                                                const struct silt_gathering *gathering,
                                                struct silt_error *error);

#endif
