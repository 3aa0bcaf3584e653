/*
 * check.h: what a validator is. checks.def lists them; README.md says how to add one.
 *
 * A check is a pure function on bytes: it allocates little or nothing, opens nothing, knows no time. What it
 * reads is hostile. It wipes what it decoded.
 */
#ifndef SILT_CONFIRM_CHECK_H
#define SILT_CONFIRM_CHECK_H

#include "base/span.h"

enum { SILT_CHECK_DETAIL_SIZE = 128, SILT_CHECK_AROUND = 256 };

/* What a passing check says. */
enum silt_check_strength {
    SILT_CHECK_SHAPE,     /* it looks as it should: the signature's own confidence stands */
    SILT_CHECK_STRUCTURE, /* it parses as only the real thing does: confidence is high */
    SILT_CHECK_PROOF,     /* a checksum or a key that fits: high, and no filter of noise may drop it */
};

/* What is looked at: the secret, and up to SILT_CHECK_AROUND bytes on both sides of it. */
struct silt_claim {
    struct silt_span secret;
    struct silt_span before; /* ends where the secret begins */
    struct silt_span after;  /* begins where it ends */
    bool is_file;            /* the secret is the beginning of a file, for all that is known not all of it */
    bool is_weak;            /* it was matched by an alternative of the pattern that its author calls weak */
};

/* What a check finds. Zero is "nothing to say". */
struct silt_ruling {
    enum silt_validation validation;
    bool is_noise;     /* a placeholder, a variable, public data: no secret at all */
    bool is_protected; /* a passphrase stands before it: severity one step lower */
    bool is_lowered;   /* confidence one step lower for where it stands, such as a local host */
    char detail[SILT_CHECK_DETAIL_SIZE]; /* printable ASCII */
};

struct silt_check {
    const char *name; /* as signatures write it */
    enum silt_check_strength strength;
    void (*run)(const struct silt_claim *claim, struct silt_ruling *out);
};

/* The check of that name, or NULL. Thread-safe. */
const struct silt_check *silt_check_find(const char *name);

/* All checks, for lists: the one at an index, NULL behind the last. Thread-safe. */
const struct silt_check *silt_check_at(size_t index);

/* Writes a verdict and its detail (cut to fit; bytes that are not printable ASCII become `?`). */
void silt_check_rule(struct silt_ruling *out, bool is_valid, const char *format, ...) SILT_PRINTF(3, 4);

/* Writes only the detail. */
void silt_check_note(struct silt_ruling *out, const char *format, ...) SILT_PRINTF(2, 3);

#endif
