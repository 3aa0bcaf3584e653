/*
 * style.h: colour and weight of text on pages that have colour.
 */
#ifndef SILT_CLI_OUTPUT_STYLE_H
#define SILT_CLI_OUTPUT_STYLE_H

#include "page.h"

#include <stdint.h>

/* Parameters of SGR (ECMA-48, section 8.3.117). */
#define SILT_STYLE_BOLD "1"
#define SILT_STYLE_DIM "2"
#define SILT_STYLE_RED "31"
#define SILT_STYLE_GREEN "32"
#define SILT_STYLE_YELLOW "33"

/* The style of each severity. */
extern const char *const silt_style_severities[];

/* Turns a style on, and all styles off; nothing happens on a page without colour. */
void silt_style_begin(const struct silt_page *page, const char *style);
void silt_style_end(const struct silt_page *page);

/* Prints text in a style, escaped. */
void silt_style_print(const struct silt_page *page, const char *style, const char *text);

/* "" for one, "s" for more or none. */
const char *silt_style_plural(uint64_t count);

#endif
