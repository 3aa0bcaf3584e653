/*
 * answer.h: what a registry's refusal means, in words that say what to do.
 */
#ifndef SILT_REGISTRY_ANSWER_H
#define SILT_REGISTRY_ANSWER_H

#include "registry/exchange.h"

/* Reads what is left of an answer that is not what was wanted, and says why: NOT_FOUND for 404, else
 * UNSUPPORTED or IO. `host` is named in the remedy; what the registry says is left out if it holds `secret`
 * (NULL: none), since some send back what they were sent. */
enum silt_status silt_answer_explain(struct silt_exchange *exchange, const char *host, const char *secret,
                                     struct silt_error *error);

#endif
