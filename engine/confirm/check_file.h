/*
 * check_file.h: what the checks on whole files share: looking at text line by line. A check of a file sees
 * its first window, a megabyte or more.
 */
#ifndef SILT_CONFIRM_CHECK_FILE_H
#define SILT_CONFIRM_CHECK_FILE_H

#include "confirm/check.h"

/* Takes the next line, without its end and the white space around it; false at the end of the text. */
bool silt_check_file_line(struct silt_span *text, struct silt_span *line);

/* Whether a line says something: it is not blank and no comment (`#`, `;`, `//`). */
bool silt_check_file_is_entry(struct silt_span line);

/* Whether some bytes hold a word. */
bool silt_check_file_holds(struct silt_span text, const char *word);

/* Rules that the file holds nothing secret. */
void silt_check_file_rule_empty(struct silt_ruling *out, const char *why);

#endif
