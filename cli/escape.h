/*
 * escape.h: show hostile bytes on a terminal. Names and values come from images: a control character could
 * move the cursor or set the clipboard, a bidi control could turn a path around (CVE-2021-42574).
 */
#ifndef SILT_CLI_ESCAPE_H
#define SILT_CLI_ESCAPE_H

#include <silt/finding.h>
#include <stdio.h>

/* Prints with \n, \r, \t, \xNN (control characters and bytes that are no UTF-8) and \u{NNNN} (invisible and
 * direction-changing characters) for what is not safe. */
void silt_escape_print(FILE *out, struct silt_span text);
void silt_escape_print_text(FILE *out, const char *text);

/* The same in markup (XML, HTML): & < > " ' are entities, nothing else than text can come out. */
void silt_escape_print_markup(FILE *out, struct silt_span text);
void silt_escape_print_markup_text(FILE *out, const char *text);

/* How many columns that takes. East Asian wide characters and emoji count two. */
size_t silt_escape_columns(struct silt_span text);

/* Prints at most `columns` columns, with "…" at the end, or in the middle, for what was left out. */
void silt_escape_print_start(FILE *out, struct silt_span text, size_t columns);
void silt_escape_print_ends(FILE *out, struct silt_span text, size_t columns);

#endif
