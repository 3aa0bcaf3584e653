/*
 * confirm.h: candidates to matches: the full pattern, allow rules, score, validators.
 *
 * A judge is shared and immutable once made (patterns are compiled with PCRE2-JIT on first use and published
 * atomically); a confirmer is one thread's working memory. Functions are pure on the bytes given: they know
 * nothing of files but the path, nothing of layers, nothing of time.
 */
#ifndef SILT_CONFIRM_CONFIRM_H
#define SILT_CONFIRM_CONFIRM_H

#include "base/span.h"

#include <silt/signatures.h>

struct silt_judge;
struct silt_confirmer;

/* Prepares to confirm candidates of these signatures, which must outlive it. */
SILT_MUST_USE enum silt_status silt_judge_new(const struct silt_signatures *signatures,
                                              struct silt_judge **out, struct silt_error *error);

/* Frees a judge and its programs, when no confirmer uses it any more; NULL is allowed. */
void silt_judge_free(struct silt_judge *judge);

/* Compiles the patterns of one signature now, for lint; OK if that was done before. END for an index behind
 * the last. A pattern that does not compile is SILT_ERR_USAGE with file, id and position. Thread-safe. */
SILT_MUST_USE enum silt_status silt_judge_compile(struct silt_judge *judge, size_t signature,
                                                  struct silt_error *error);

/* One thread's working memory: match data and a JIT stack. The judge must outlive it. */
SILT_MUST_USE enum silt_status silt_confirmer_new(struct silt_judge *judge, struct silt_confirmer **out,
                                                  struct silt_error *error);

/* NULL is allowed. */
void silt_confirmer_free(struct silt_confirmer *confirmer);

/* What is to be judged. */
struct silt_question {
    size_t signature;       /* index in the set */
    struct silt_span bytes; /* the window */
    size_t start, end;      /* a match that starts at or after start and before end is asked for */
    struct silt_span path;  /* clean path of the file, for the signature's glob */
    bool is_first, is_last; /* the window holds the content's first, last byte */
};

/* A confirmed match. Positions are in the question's bytes. */
struct silt_match {
    size_t signature;
    size_t match_start, match_end;
    size_t secret_start, secret_end;
    double score; /* 0 to 1 */
    enum silt_severity severity;
    enum silt_confidence confidence;
    enum silt_validation validation;
    char detail[128]; /* of the validation, "" if none */
};

/* Judges one candidate. OK with the first match in [start, end) that stands, END when there is none (the
 * pattern does not match, the path does not fit, no keyword is near, an allow rule, too low a score, a
 * placeholder). A match that falls is passed over and the search goes on behind it. LIMIT when the pattern
 * hit PCRE2's match limits: then the candidate is handed out unjudged as a match of low confidence over
 * [start, end), so that nothing is lost. The same text gives the same answer whatever window it stands in. */
SILT_MUST_USE enum silt_status silt_confirm(struct silt_confirmer *confirmer,
                                            const struct silt_question *question, struct silt_match *out,
                                            struct silt_error *error);

/* Signatures with a path and no pattern match a file by its name, and its content's beginning where
 * validators look at it. Answers the next such signature at or after *index that fits, and moves *index past
 * it; END when there are no more. `head` is the first window of the file. */
SILT_MUST_USE enum silt_status silt_confirm_file(struct silt_confirmer *confirmer, size_t *index,
                                                 struct silt_span path, struct silt_span head,
                                                 struct silt_match *out, struct silt_error *error);

#endif
