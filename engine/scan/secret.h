/*
 * secret.h: what may leave silt instead of a secret: a keyed hash, a fingerprint, a redacted form.
 */
#ifndef SILT_SCAN_SECRET_H
#define SILT_SCAN_SECRET_H

#include "scan/result.h"

/* HMAC-SHA-256 of the secret, cut to 128 bits. The key is fixed, so that baselines hold on every machine: it
 * keeps the hash from being looked up in tables of plain SHA-256, not from a guess at a weak password. */
void silt_secret_key(struct silt_span secret, uint8_t out[16]);

/* 32 hex digits over signature, origin, chain (with the prefix in front, if it is not empty), path and
 * secret; without layer, line or offset. */
void silt_secret_fingerprint(const struct silt_hit *hit, struct silt_span prefix, const char *signature_id,
                             char out[33]);

/* A form to show: some first and last characters and "****" between them, never more than a third of the
 * secret; of a PEM block its first line. Lives in the arena; an empty span when memory is out. */
struct silt_span silt_secret_redact(struct silt_span secret, struct silt_arena *arena);

/* What the redacted form of a secret says of its first and last bytes; borrowed from it. */
void silt_secret_ends(struct silt_span redacted, size_t secret_size, struct silt_span *head,
                      struct silt_span *tail);

/* Whether this can be the redacted form of a secret of that size: shows no more than it may. */
bool silt_secret_is_redacted(struct silt_span redacted, size_t secret_size);

#endif
