/*
 * owner.h: which package owns the file that a hit is in, by the records that stand in the same target.
 *
 * A finding in an unmodified file of a distribution's package drops to SILT_INFO: everybody has it. What the
 * image's records say is believed, see image/packages.h.
 */
#ifndef SILT_SCAN_OWNER_H
#define SILT_SCAN_OWNER_H

#include "scan/emit.h"

/* The records of one target: those of an image's layers, base first, or those of all else as one layer. */
struct silt_owner_records {
    const struct silt_packages **layers;
    size_t count;
};

/* Gathers the records of a target's parts; `arena` holds the list. MEMORY. */
SILT_MUST_USE enum silt_status silt_owner_gather(const struct silt_emission *emission,
                                                 struct silt_arena *arena, struct silt_owner_records *out,
                                                 struct silt_error *error);

/* Who owns the file of a hit; false if no record speaks of it. */
bool silt_owner_find(const struct silt_owner_records *records, const struct silt_part *part,
                     const struct silt_hit *hit, struct silt_package *out);

#endif
