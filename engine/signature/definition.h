/*
 * definition.h: one object of a signature file to one struct silt_signature.
 */
#ifndef SILT_SIGNATURE_DEFINITION_H
#define SILT_SIGNATURE_DEFINITION_H

#include "base/arena.h"
#include "base/json.h"

#include <silt/signatures.h>

/* The most bytes around a match that a signature may ask for. */
enum { SILT_DEFINITION_WITHIN_MAX = 16 * 1024 };

struct silt_definition {
    struct silt_signature signature; /* only id and file where is_disabled */
    bool is_disabled;                /* {"id": "x.y", "disabled": true}: takes the signature out of the set */
    size_t order;                    /* the later one of two with the same id stands */
};

/* Reads one object (DESIGN.md, "Signature file"). Text is copied into the arena; `file` is borrowed and must
 * live as long. Unknown keys, wrong types, missing fields, a badly formed id: SILT_ERR_USAGE that names the
 * id (or the position, as `index`) and the field. */
SILT_MUST_USE enum silt_status silt_definition_read(const struct silt_json *object, const char *file,
                                                    size_t index, struct silt_arena *arena,
                                                    struct silt_definition *out, struct silt_error *error);

#endif
