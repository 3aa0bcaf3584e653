/*
 * output.h: what an output format is. Each is one file that exports one const struct silt_output and one line
 * in outputs.def; tests/cli/output_test.c runs over all of them.
 */
#ifndef SILT_CLI_OUTPUT_OUTPUT_H
#define SILT_CLI_OUTPUT_OUTPUT_H

#include "page.h"
#include "results.h"

/* Functions that are NULL are passed over. Each answers false when memory is out; failed writes are kept by
 * the page. */
struct silt_output {
    const char *name;
    /* A finding as it arrives; the target has begun. */
    bool (*finding)(struct silt_page *page, const struct silt_results_target *target,
                    const struct silt_finding *finding);
    /* A target that has ended. */
    bool (*target)(struct silt_page *page, const struct silt_results_target *target);
    /* The end of the scan. */
    bool (*end)(struct silt_page *page, const struct silt_results *results);
};

/* The output with a name, or NULL; all names and notes, NULL-terminated, in the order of outputs.def. */
const struct silt_output *silt_output_find(const char *name);
extern const char *const silt_output_names[];
extern const char *const silt_output_notes[];

#endif
