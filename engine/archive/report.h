/*
 * report.h: how the archive floor says what it could not look at. Filled by the scan floor.
 */
#ifndef SILT_ARCHIVE_REPORT_H
#define SILT_ARCHIVE_REPORT_H

#include <silt/sink.h>

struct silt_report {
    void *context;
    /* The skip's place has chain and path; layer and state are the receiver's to fill. */
    void (*skip)(void *context, const struct silt_skip *skip);
};

#endif
