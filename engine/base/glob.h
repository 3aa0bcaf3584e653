/*
 * glob.h: path globs, as signatures and allow rules use them.
 *
 * `?` one character, `*` any run without a slash, `**` any run with slashes, `[a-z]` one of a set (`!`
 * negates),
 * `{a,b}` alternatives (not nested). A glob without a slash is matched against the last part of the path; one
 * with a slash against the whole path, where a leading `**` + `/` also matches nothing. Case matters.
 */
#ifndef SILT_BASE_GLOB_H
#define SILT_BASE_GLOB_H

#include "base/span.h"

/* Whether a path (no leading slash) matches. Work is bounded: glob.size * path.size steps an alternative. */
bool silt_glob_match(const char *glob, struct silt_span path);

#endif
