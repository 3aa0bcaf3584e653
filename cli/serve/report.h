/*
 * report.h: reports of a scan in the formats that others want to have: SARIF for registries and API.
 */
#ifndef SILT_CLI_SERVE_REPORT_H
#define SILT_CLI_SERVE_REPORT_H

#include "serve/store.h"

enum { SILT_REPORT_FORMATS = 2 };

/* Zero-initialise; clear it. */
struct silt_report_set {
    struct silt_store_report items[SILT_REPORT_FORMATS];
    size_t count;
};

/* Writes the reports, "json" and "sarif". One that is too large to be kept, or that cannot be written, is
 * left out. They hold no secret. */
void silt_report_set_make(struct silt_report_set *set, const struct silt_results *results);

/* Frees them. */
void silt_report_set_clear(struct silt_report_set *set);

#endif
