/*
 * judge.h: what a judge keeps of each signature. Made once, shared by threads; only the compiled programs
 * come later.
 */
#ifndef SILT_CONFIRM_JUDGE_H
#define SILT_CONFIRM_JUDGE_H

#include "confirm/check.h"
#include "confirm/confirm.h"
#include "confirm/program.h"

#include <stdatomic.h>

enum { SILT_JUDGE_CHECKS_MAX = 8 };

struct silt_judge_rule {
    const struct silt_signature *signature;
    const struct silt_check *checks[SILT_JUDGE_CHECKS_MAX + 1]; /* NULL-terminated */
    bool has_proof;                                             /* one of them is a checksum */
    _Atomic(struct silt_program *) program; /* NULL until first used; then never changes */
};

struct silt_judge {
    struct silt_judge_rule *rules;
    size_t count;
};

/* The program of a rule, compiled now if nobody did before. */
SILT_MUST_USE enum silt_status silt_judge_program(struct silt_judge_rule *rule,
                                                  const struct silt_program **out, struct silt_error *error);

#endif
