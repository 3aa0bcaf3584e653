/*
 * set.h: the inside of struct silt_signatures (silt/signatures.h) for the floors above.
 */
#ifndef SILT_SIGNATURE_SET_H
#define SILT_SIGNATURE_SET_H

#include "base/arena.h"
#include "base/array.h"
#include "base/region.h"

#include <silt/signatures.h>

struct silt_signatures {
    struct silt_arena arena;     /* all text that was read from JSON */
    struct silt_region snapshot; /* the file that all other text lies in, if there is one */
    struct silt_array items;     /* of struct silt_signature, in order of id, each id once */
    char digest[72];             /* "sha256:…", made anew whenever the set changes */
};

#endif
