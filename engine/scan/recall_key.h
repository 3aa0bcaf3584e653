/*
 * recall_key.h: keys of the layer cache: SHA-256 over everything that decides what is kept under them, each
 * part with its size in front, so that no two different sets of parts give the same bytes.
 */
#ifndef SILT_SCAN_RECALL_KEY_H
#define SILT_SCAN_RECALL_KEY_H

#include "scan/blob.h"
#include "stream/identity.h"

#include <silt/cache.h>

/* Of a blob's result: the digest of its bytes as stored, how it is taken, all options that change what is
 * found or skipped, the signatures, and the engine (its sources, and the libraries that read and match).
 * False when memory is out. */
SILT_MUST_USE bool silt_recall_key_of_blob(const struct silt_scan *scan, const struct silt_blob_task *task,
                                           const struct silt_digest *digest, struct silt_cache_key *out);

/* Of the digest of a piece of a file. False when memory is out. */
SILT_MUST_USE bool silt_recall_key_of_file(const struct silt_identity *identity, struct silt_cache_key *out);

#endif
