/*
 * describe.h: what the images of a target are, without a look into their layers.
 */
#ifndef SILT_SCAN_DESCRIBE_H
#define SILT_SCAN_DESCRIBE_H

#include "scan/tour.h"

/* Reads the documents of the tour's source and tells the sink's target_begin of each selected image;
 * instructions are left out, since only a scan knows the secrets in them. UNSUPPORTED for what is no image,
 * or a stream that would have to be read whole. */
SILT_MUST_USE enum silt_status silt_describe_images(struct silt_tour *tour, struct silt_error *error);

#endif
