/*
 * seal.h: SHA-256 and HMAC-SHA-256 as hexadecimal text, for programs that have to check or make signatures,
 * such as those of webhooks, and need no cryptographic library of their own then.
 */
#ifndef SILT_SEAL_H
#define SILT_SEAL_H

#include <silt/status.h>
#include <stddef.h>

/* Size of a seal's text, terminator included. */
enum { SILT_SEAL_SIZE = 65 };

/* Writes the SHA-256 (FIPS 180-4) of some bytes in lower-case hexadecimal. Thread-safe. */
SILT_API void silt_seal_hash(const void *bytes, size_t size, char out[SILT_SEAL_SIZE]);

/* Writes their HMAC-SHA-256 (RFC 2104) with a key, a NUL-terminated text. Thread-safe. */
SILT_API void silt_seal_hmac(const char *key, const void *bytes, size_t size, char out[SILT_SEAL_SIZE]);

#endif
