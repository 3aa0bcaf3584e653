/*
 * markdown.h: a summary in Markdown, which is a format of its own and the step summary of GitHub's.
 */
#ifndef SILT_CLI_OUTPUT_MARKDOWN_H
#define SILT_CLI_OUTPUT_MARKDOWN_H

#include "output.h"

/* Prints it; false when memory is out. */
bool silt_markdown_print(struct silt_page *page, const struct silt_results *results);

#endif
