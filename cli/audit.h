/*
 * audit.h: scan targets, some at the same time, and report on all of them in their order.
 */
#ifndef SILT_CLI_AUDIT_H
#define SILT_CLI_AUDIT_H

#include "bases.h"
#include "output/output.h"
#include "policy.h"
#include "progress.h"
#include "results.h"

#include <silt/scanner.h>

enum { SILT_AUDIT_MOST_REPORTS = 16 };

/* One report that is being written. */
struct silt_audit_report {
    const struct silt_output *output;
    struct silt_page page;
};

/* Zero-initialise, fill the first part, run, clear. */
struct silt_audit {
    struct silt_audit_report reports[SILT_AUDIT_MOST_REPORTS];
    size_t report_count;
    struct silt_results results; /* keeps_secrets and signatures are for the caller to set */
    struct silt_progress_line progress;
    struct silt_policy *policy;     /* borrowed */
    const struct silt_bases *bases; /* borrowed */
    bool is_quiet;                  /* nothing but errors on standard error */

    bool has_failed;   /* wrong usage, memory out, or a report that could not be written */
    bool has_findings; /* one that the policy fails on */
};

/* Scans the targets, as many at a time as there are scanners (both NULL-terminated), and writes the reports.
 * What goes wrong is told on standard error and kept in results. Ctrl-C ends the running scans and leaves out
 * the targets behind them. */
void silt_audit_run(struct silt_audit *audit, struct silt_scanner *const *scanners, char *const *targets);

/* Closes the reports and frees the results. */
void silt_audit_clear(struct silt_audit *audit);

#endif
