/*
 * judge.c: signatures made ready to confirm: validators by name, patterns compiled on first use.
 */
#include "confirm/judge.h"

#include "base/error.h"

#include <stdlib.h>

static enum silt_status find_checks(struct silt_judge_rule *rule, struct silt_error *error)
{
    const struct silt_signature *signature = rule->signature;
    size_t count = 0;
    for (; signature->validators != NULL && signature->validators[count] != NULL; count++) {
        if (count == SILT_JUDGE_CHECKS_MAX)
            return silt_error_set(error, SILT_ERR_USAGE, "%s: %s: more than %d validators", signature->file,
                                  signature->id, SILT_JUDGE_CHECKS_MAX);
        rule->checks[count] = silt_check_find(signature->validators[count]);
        if (rule->checks[count] == NULL)
            return silt_error_set(error, SILT_ERR_USAGE, "%s: %s: there is no validator \"%.60s\"",
                                  signature->file, signature->id, signature->validators[count]);
        rule->has_proof |= rule->checks[count]->strength == SILT_CHECK_PROOF;
    }
    return SILT_OK;
}

enum silt_status silt_judge_new(const struct silt_signatures *signatures, struct silt_judge **out,
                                struct silt_error *error)
{
    struct silt_judge *judge = calloc(1, sizeof *judge);
    if (judge == NULL)
        return silt_error_memory(error);
    size_t count = silt_signatures_count(signatures);
    judge->rules = calloc(count > 0 ? count : 1, sizeof *judge->rules);
    enum silt_status status = judge->rules != NULL ? SILT_OK : silt_error_memory(error);
    for (size_t i = 0; i < count && status == SILT_OK; i++) {
        judge->rules[i].signature = silt_signatures_at(signatures, i);
        judge->count = i + 1;
        status = find_checks(&judge->rules[i], error);
    }
    if (status != SILT_OK) {
        silt_judge_free(judge);
        return status;
    }
    *out = judge;
    return SILT_OK;
}

void silt_judge_free(struct silt_judge *judge)
{
    if (judge == NULL)
        return;
    for (size_t i = 0; i < judge->count; i++)
        silt_program_free(atomic_load(&judge->rules[i].program));
    free(judge->rules);
    free(judge);
}

enum silt_status silt_judge_program(struct silt_judge_rule *rule, const struct silt_program **out,
                                    struct silt_error *error)
{
    struct silt_program *present = atomic_load_explicit(&rule->program, memory_order_acquire);
    if (present != NULL) {
        *out = present;
        return SILT_OK;
    }
    struct silt_program *made;
    enum silt_status status = silt_program_new(rule->signature, &made, error);
    if (status != SILT_OK)
        return status;
    /* Two threads may compile the same pattern; the first to publish wins, the other throws its own away. */
    if (!atomic_compare_exchange_strong_explicit(&rule->program, &present, made, memory_order_acq_rel,
                                                 memory_order_acquire)) {
        silt_program_free(made);
        made = present;
    }
    *out = made;
    return SILT_OK;
}

enum silt_status silt_judge_compile(struct silt_judge *judge, size_t signature, struct silt_error *error)
{
    const struct silt_program *program;
    if (signature >= judge->count)
        return SILT_END;
    if (judge->rules[signature].signature->pattern[0] == '\0')
        return SILT_OK;
    return silt_judge_program(&judge->rules[signature], &program, error);
}
