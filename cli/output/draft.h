/*
 * draft.h: text that is printed piece by piece into memory and handed over as JSON.
 */
#ifndef SILT_CLI_OUTPUT_DRAFT_H
#define SILT_CLI_OUTPUT_DRAFT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct silt_draft {
    FILE *file; /* print here */
    char *text;
    size_t size;
};

/* Begins a draft; false when memory is out. */
bool silt_draft_begin(struct silt_draft *draft);

/* Ends it: the text, repaired (utf8.h), as a string; NULL when memory was out. */
json_t *silt_draft_end(struct silt_draft *draft);

#endif
