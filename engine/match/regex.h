/*
 * regex.h: PCRE patterns to trees (node.h), for deriving prefilters and widths. Not a matcher.
 */
#ifndef SILT_MATCH_REGEX_H
#define SILT_MATCH_REGEX_H

#include "match/node.h"

/* Groups deeper than this are refused. */
enum { SILT_REGEX_DEPTH_MAX = 64 };

/* Parses a pattern as pcre2pattern(3) describes it, in byte mode. The tree matches at least where the pattern
 * does: assertions, atomic groups and possessive quantifiers lose what narrows, backreferences become any
 * bytes, a conditional becomes a choice. Nodes are taken from the arena. SILT_ERR_UNSUPPORTED, saying what
 * and where, for what cannot be widened so: recursion, verbs, \K, \X, code points above 255, and for what is
 * no pattern at all. */
SILT_MUST_USE enum silt_status silt_regex_parse(struct silt_span pattern, struct silt_arena *arena,
                                                struct silt_node **out, struct silt_error *error);

/* The same, and simple assertions are in the tree: what stands in brackets behind (?=, (?!, (?<= and (?<!. An
 * assertion's child matches at least where its part of the pattern does, too. */
SILT_MUST_USE enum silt_status silt_regex_parse_whole(struct silt_span pattern, struct silt_arena *arena,
                                                      struct silt_node **out, struct silt_error *error);

#endif
