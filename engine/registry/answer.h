/*
 * answer.h: what a registry's refusal means, in words that say what to do.
 */
#ifndef SILT_REGISTRY_ANSWER_H
#define SILT_REGISTRY_ANSWER_H

#include "registry/exchange.h"

/* What was asked with. */
struct silt_answer_login {
    const char *host; /* to be named in the remedy */
    const char
        *secret; /* an answer that holds it is not repeated: some send back what they were sent. NULL: none */
    bool is_user; /* somebody was logged in */
};

/* Reads what is left of an answer that is not what was wanted, and says why: NOT_FOUND for 404, else
 * UNSUPPORTED or IO. */
enum silt_status silt_answer_explain(struct silt_exchange *exchange, const struct silt_answer_login *login,
                                     struct silt_error *error);

#endif
