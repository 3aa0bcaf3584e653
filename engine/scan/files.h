/*
 * files.h: targets that are many plain files: a directory.
 */
#ifndef SILT_SCAN_FILES_H
#define SILT_SCAN_FILES_H

#include "scan/tour.h"

/* Scans all that the tour's source hands out and emits one target. Answers as silt_images_scan. */
SILT_MUST_USE enum silt_status silt_files_scan(struct silt_tour *tour, struct silt_error *error);

#endif
