/*
 * wrap.h: running text in lines of a width.
 */
#ifndef SILT_CLI_WRAP_H
#define SILT_CLI_WRAP_H

#include <silt/finding.h>
#include <stdio.h>

/* Prints words so that lines end before `width`. The first line goes on from column `at`; the following ones
 * start at column `indent`. A line break in the text starts a new line. Words are escaped for a terminal.
 * Ends with a line break. */
void silt_wrap_print(FILE *out, const char *text, size_t at, size_t indent, size_t width);

/* Prints spaces. */
void silt_wrap_space(FILE *out, size_t columns);

#endif
