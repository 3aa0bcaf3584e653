/*
 * html_stack.h: an image in the HTML report: its layers as a stack.
 */
#ifndef SILT_CLI_OUTPUT_HTML_STACK_H
#define SILT_CLI_OUTPUT_HTML_STACK_H

#include "page.h"
#include "results.h"

/* Prints the stack of a target that is an image, the last layer on top: size, instruction, digest and
 * findings of each. False when memory is out. */
bool silt_html_stack_print(const struct silt_page *page, const struct silt_results_target *target,
                           size_t target_number);

#endif
