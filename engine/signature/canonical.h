/*
 * canonical.h: the digest of a set of signatures.
 */
#ifndef SILT_SIGNATURE_CANONICAL_H
#define SILT_SIGNATURE_CANONICAL_H

#include "signature/set.h"

/* Computes the set's digest over everything that decides what is found and how it is rated (not names, texts,
 * examples or files) and writes it into the set. Items must be in order of id. */
SILT_MUST_USE enum silt_status silt_canonical_digest(struct silt_signatures *set, struct silt_error *error);

#endif
