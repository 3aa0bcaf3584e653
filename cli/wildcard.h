/*
 * wildcard.h: paths with wildcards, for rules that people write.
 */
#ifndef SILT_CLI_WILDCARD_H
#define SILT_CLI_WILDCARD_H

#include <silt/finding.h>

/* Whether a path fits a glob: `?` is one character and `*` any number, but no slash; `**` is anything. A glob
 * without a slash is held against the file's name. */
bool silt_wildcard_match(const char *glob, struct silt_span path);

#endif
