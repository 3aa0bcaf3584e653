/*
 * overlap.h: several signatures may match one secret; people want to read of it once.
 */
#ifndef SILT_SCAN_OVERLAP_H
#define SILT_SCAN_OVERLAP_H

#include "scan/result.h"

/* Among hits[first..count) of one content, keeps of those whose secrets overlap only the best: higher
 * confidence, a passed check, a vendor's own signature before a generic one, higher severity, longer secret.
 * Hits of file signatures (without a pattern) are left alone. Order is by offset afterwards. */
void silt_overlap_resolve(struct silt_array *hits, size_t first, const struct silt_signatures *signatures);

#endif
