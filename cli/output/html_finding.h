/*
 * html_finding.h: a finding in the HTML report.
 */
#ifndef SILT_CLI_OUTPUT_HTML_FINDING_H
#define SILT_CLI_OUTPUT_HTML_FINDING_H

#include "page.h"
#include "results.h"

/* Which target of the results and which of its findings: their numbers make the anchors. */
struct silt_html_finding {
    const struct silt_results_target *target;
    size_t target_number, number;
};

/* Prints its card, an <li>; false when memory is out. */
bool silt_html_finding_print(const struct silt_page *page, const struct silt_html_finding *it);

/* Prints a link to the card, with severity, kind and place, an <li>; false when memory is out. */
bool silt_html_finding_link(const struct silt_page *page, const struct silt_html_finding *it);

/* Prints a place as one path; false when memory is out. */
bool silt_html_finding_place(FILE *out, const struct silt_place *place);

#endif
