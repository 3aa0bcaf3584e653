/*
 * verdict.h: the exit code of a scan (DESIGN.md, Command line). A pure function.
 */
#ifndef SILT_CLI_VERDICT_H
#define SILT_CLI_VERDICT_H

#include <stdbool.h>

struct silt_verdict {
    bool has_failed;   /* wrong usage or configuration, or a report that could not be written */
    bool has_findings; /* one at or above --fail-on */
    bool is_complete;
    bool allow_incomplete; /* --allow-incomplete */
};

/* 2 where the answer itself cannot be trusted, else 1 with findings, else 3 if incomplete, else 0. */
int silt_verdict_exit(const struct silt_verdict *verdict);

#endif
