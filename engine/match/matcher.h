/*
 * matcher.h: windows to candidates. One matcher a thread.
 */
#ifndef SILT_MATCH_MATCHER_H
#define SILT_MATCH_MATCHER_H

#include "base/span.h"
#include "match/ruleset.h"

/* A hit that nobody has judged yet: rule number, and where in the bytes what Hyperscan found ends. */
struct silt_candidate {
    uint32_t rule;
    uint32_t end;
};

struct silt_candidates {
    const struct silt_candidate *items; /* those of a rule in order of `end` */
    size_t count;
};

struct silt_matcher;

/* A matcher over a ruleset, which must outlive it. MEMORY. */
SILT_MUST_USE enum silt_status silt_matcher_new(const struct silt_ruleset *ruleset, struct silt_matcher **out,
                                                struct silt_error *error);

/* All candidates in some bytes (at most 4 GiB - 1). Borrowed until the next call. */
SILT_MUST_USE enum silt_status silt_matcher_find(struct silt_matcher *matcher, struct silt_span bytes,
                                                 struct silt_candidates *out, struct silt_error *error);
/* The rules whose glob may fit a path (clean, see base/path.h), as candidates whose `end` means nothing. Such
 * a rule's pattern is to be looked for in all of that file. Borrowed until the next call of either. */
SILT_MUST_USE enum silt_status silt_matcher_find_path(struct silt_matcher *matcher, struct silt_span path,
                                                      struct silt_candidates *out, struct silt_error *error);

/* The version of the library that matches. */
const char *silt_matcher_version(void);

/* Frees it; NULL is allowed. */
void silt_matcher_free(struct silt_matcher *matcher);

#endif
