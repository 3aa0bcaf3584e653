/*
 * placeholder.h: values that stand where a secret would stand.
 */
#ifndef SILT_CONFIRM_PLACEHOLDER_H
#define SILT_CONFIRM_PLACEHOLDER_H

#include "base/span.h"

enum silt_placeholder {
    SILT_PLACEHOLDER_NONE,
    SILT_PLACEHOLDER_REPEATED, /* xxxxxxxx, 0000-0000, ababababab */
    SILT_PLACEHOLDER_SEQUENCE, /* 12345678, abcdef, qwerty */
    SILT_PLACEHOLDER_WORD,     /* changeme, your-token-here, null */
    SILT_PLACEHOLDER_VARIABLE, /* ${VAR}, {{ x }}, %(x)s, <token> */
    SILT_PLACEHOLDER_MASK,     /* ****, a...z */
};

/* Which kind of placeholder a value is. Values of more than 256 bytes are none. A known prefix before the
 * value (ghp_xxxxxxxx) does not hide it; three equal letters in a random token do not make one. Thread-safe.
 */
enum silt_placeholder silt_placeholder_kind(struct silt_span value);

/* "repeated characters", "a sequence" …; never NULL. Thread-safe. */
const char *silt_placeholder_name(enum silt_placeholder kind);

#endif
