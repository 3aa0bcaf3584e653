/*
 * summary.h: the end of the report for people: what was found in all, and what to do next.
 */
#ifndef SILT_CLI_OUTPUT_SUMMARY_H
#define SILT_CLI_OUTPUT_SUMMARY_H

#include "output.h"

/* Prints it; the table's end. Always true. */
bool silt_summary_print(struct silt_page *page, const struct silt_results *results);

#endif
