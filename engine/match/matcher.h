/*
 * matcher.h: windows to candidates. One matcher a thread.
 */
#ifndef SILT_MATCH_MATCHER_H
#define SILT_MATCH_MATCHER_H

#include "base/span.h"
#include "match/ruleset.h"

/* A hit that nobody has judged yet: rule number, and where in the bytes its prefilter match ends. */
struct silt_candidate {
    uint32_t rule;
    uint32_t end;
};

struct silt_candidates {
    const struct silt_candidate *items; /* in order of `end` */
    size_t count;
};

struct silt_matcher;

SILT_MUST_USE enum silt_status silt_matcher_new(const struct silt_ruleset *ruleset, struct silt_matcher **out,
                                                struct silt_error *error);

/* All candidates in some bytes (at most 4 GiB - 1). Borrowed until the next call. */
SILT_MUST_USE enum silt_status silt_matcher_find(struct silt_matcher *matcher, struct silt_span bytes,
                                                 struct silt_candidates *out, struct silt_error *error);
void silt_matcher_free(struct silt_matcher *matcher);

#endif
