/*
 * allow.h: the comment that allows a secret where it stands: `silt:allow REASON`.
 */
#ifndef SILT_SCAN_ALLOW_H
#define SILT_SCAN_ALLOW_H

#include <silt/finding.h>

/* The most bytes of a line on either side of the secret. On a longer one, as in minified files, a comment
 * allows nothing: it would allow everything else on the line too. Far below SILT_WINDOW_MARGIN, so that any
 * cutting into windows gives the same answer. */
enum { SILT_ALLOW_REACH = 512 };

/* Whether a comment allows the secret at [start, end) of a text: on the secret's line, or alone on the line
 * above. *reason is the text behind it, within `text`, perhaps empty. */
bool silt_allow_find(struct silt_span text, size_t start, size_t end, struct silt_span *reason);

#endif
