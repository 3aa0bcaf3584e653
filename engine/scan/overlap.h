/*
 * overlap.h: several signatures may match one secret; people want to read of it once.
 */
#ifndef SILT_SCAN_OVERLAP_H
#define SILT_SCAN_OVERLAP_H

#include "scan/result.h"

/* Among hits[first..count) of one content, keeps of those whose secrets overlap only the best: an
 * issuer's own signature before one of a form that many share, that before a generic one; then higher
 * confidence, a passed check, higher severity, longer secret. A winner takes over the confidence and the
 * passed check of what matched exactly the same secret.
 * Hits of file signatures (without a pattern) are left alone. Order is by offset afterwards. */
void silt_overlap_resolve(struct silt_array *hits, size_t first, const struct silt_signatures *signatures);

#endif
