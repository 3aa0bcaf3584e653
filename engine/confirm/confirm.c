/*
 * confirm.c: the order of judgement, from cheap to dear: path, pattern, keywords, allow patterns, verdict.
 *
 * Keywords stand near a match, so the pattern comes before them: on what is no match it costs a tenth of a
 * microsecond, less than a look through all places where a keyword could be.
 */
#include "confirm/confirm.h"

#include "base/error.h"
#include "base/glob.h"
#include "confirm/judge.h"
#include "confirm/nearby.h"
#include "confirm/verdict.h"

#include <stdio.h>
#include <stdlib.h>

struct silt_confirmer {
    struct silt_judge *judge;
    struct silt_runner *runner;
};

/* As much of a file stands for it as a secret: enough to tell one keystore from another. */
enum { FILE_SECRET_MAX = 4096 };

enum silt_status silt_confirmer_new(struct silt_judge *judge, struct silt_confirmer **out,
                                    struct silt_error *error)
{
    struct silt_confirmer *confirmer = calloc(1, sizeof *confirmer);
    if (confirmer == NULL)
        return silt_error_memory(error);
    confirmer->judge = judge;
    enum silt_status status = silt_program_runner_new(&confirmer->runner, error);
    if (status != SILT_OK) {
        free(confirmer);
        return status;
    }
    *out = confirmer;
    return SILT_OK;
}

void silt_confirmer_free(struct silt_confirmer *confirmer)
{
    if (confirmer == NULL)
        return;
    silt_program_runner_free(confirmer->runner);
    free(confirmer);
}

static bool path_fits(const struct silt_signature *signature, struct silt_span path)
{
    return signature->path[0] == '\0' || silt_glob_match(signature->path, path);
}

static struct silt_claim claim_of(struct silt_span bytes, size_t start, size_t end)
{
    size_t before = start < SILT_CHECK_AROUND ? start : SILT_CHECK_AROUND;
    return (struct silt_claim){
        .secret = silt_span_slice(bytes, start, end - start),
        .before = silt_span_slice(bytes, start - before, before),
        .after = silt_span_slice(bytes, end, SILT_CHECK_AROUND),
    };
}

static bool stands(struct silt_confirmer *confirmer, const struct silt_judge_rule *rule,
                   const struct silt_program *program, const struct silt_question *question,
                   const struct silt_program_hit *hit, struct silt_match *out)
{
    const struct silt_signature *signature = rule->signature;
    if (!silt_nearby_has(question->bytes, hit->match_start, hit->match_end, signature->within,
                         signature->keywords))
        return false;
    struct silt_claim claim = claim_of(question->bytes, hit->secret_start, hit->secret_end);
    claim.is_weak = hit->is_weak;
    if (claim.secret.size == 0 || silt_program_allows(program, confirmer->runner, claim.secret))
        return false;
    out->signature = question->signature;
    out->match_start = hit->match_start;
    out->match_end = hit->match_end;
    out->secret_start = hit->secret_start;
    out->secret_end = hit->secret_end;
    return silt_verdict_reach(rule, &claim, out);
}

static void hand_out_unjudged(const struct silt_judge_rule *rule, const struct silt_question *question,
                              size_t start, struct silt_match *out)
{
    *out = (struct silt_match){
        .signature = question->signature,
        .match_start = start,
        .match_end = question->end,
        .secret_start = start,
        .secret_end = question->end,
        .severity = rule->signature->severity,
        .confidence = SILT_CONFIDENCE_LOW,
        .validation = SILT_VALIDATION_NONE,
    };
    snprintf(out->detail, sizeof out->detail, "not judged: the pattern takes too many steps on this text");
}

enum silt_status silt_confirm(struct silt_confirmer *confirmer, const struct silt_question *question,
                              struct silt_match *out, struct silt_error *error)
{
    struct silt_judge *judge = confirmer->judge;
    if (question->signature >= judge->count || question->end > question->bytes.size)
        return silt_error_set(error, SILT_ERR_USAGE, "a question outside of its signatures or its window");
    struct silt_judge_rule *rule = &judge->rules[question->signature];
    if (question->start >= question->end || rule->signature->pattern[0] == '\0' ||
        !path_fits(rule->signature, question->path))
        return SILT_END;
    const struct silt_program *program;
    enum silt_status status = silt_judge_program(rule, &program, error);
    struct silt_program_text text = {question->bytes, question->start, question->end, question->is_first,
                                     question->is_last};
    while (status == SILT_OK && text.start < text.end) {
        struct silt_program_hit hit;
        status = silt_program_find(program, confirmer->runner, &text, &hit, error);
        if (status == SILT_OK && stands(confirmer, rule, program, question, &hit, out))
            return SILT_OK;
        if (status == SILT_OK)
            text.start = hit.match_end > text.start ? hit.match_end : text.start + 1;
    }
    if (status == SILT_ERR_LIMIT)
        hand_out_unjudged(rule, question, text.start, out);
    return status == SILT_OK ? SILT_END : status;
}

enum silt_status silt_confirm_file(struct silt_confirmer *confirmer, size_t *index, struct silt_span path,
                                   struct silt_span head, struct silt_match *out, struct silt_error *error)
{
    struct silt_judge *judge = confirmer->judge;
    (void)error;
    while (*index < judge->count) {
        size_t current = (*index)++;
        const struct silt_judge_rule *rule = &judge->rules[current];
        if (rule->signature->pattern[0] != '\0' || rule->signature->path[0] == '\0' ||
            !silt_glob_match(rule->signature->path, path))
            continue;
        struct silt_claim claim = {.secret = head, .is_file = true};
        size_t size = head.size < FILE_SECRET_MAX ? head.size : FILE_SECRET_MAX;
        *out = (struct silt_match){.signature = current, .match_end = size, .secret_end = size};
        if (silt_verdict_reach(rule, &claim, out))
            return SILT_OK;
    }
    return SILT_END;
}
