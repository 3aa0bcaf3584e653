/*
 * digest.h: SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104) by libcrypto, and the "sha256:…" text form of the
 * OCI image specification (descriptor.md, "Digests"). Together with hasher.c and summer.c the
 * only user of libcrypto's hashing.
 */
#ifndef SILT_BASE_DIGEST_H
#define SILT_BASE_DIGEST_H

#include "base/span.h"

enum { SILT_DIGEST_SIZE = 32, SILT_DIGEST_TEXT_SIZE = 7 + 64 + 1 };

struct silt_digest {
    uint8_t bytes[SILT_DIGEST_SIZE];
};

/* The SHA-256 of some bytes. */
void silt_digest_of(struct silt_span bytes, struct silt_digest *out);

/* HMAC-SHA-256. */
void silt_digest_hmac(struct silt_span key, struct silt_span bytes, struct silt_digest *out);

/* Writes "sha256:<hex>" with a NUL. */
void silt_digest_print(const struct silt_digest *digest, char out[SILT_DIGEST_TEXT_SIZE]);

/* Reads "sha256:<64 lower-case hex>"; false if the text is anything else. */
bool silt_digest_parse(struct silt_span text, struct silt_digest *out);

/* Whether two digests are the same. */
bool silt_digest_equal(const struct silt_digest *a, const struct silt_digest *b);

#endif
