/*
 * seal.c: hashes as text, for programs that use the library.
 */
#include <silt/seal.h>

#include "base/digest.h"
#include "base/hex.h"

#include <string.h>

static void print(const struct silt_digest *digest, char out[SILT_SEAL_SIZE])
{
    silt_hex_print((struct silt_span){digest->bytes, SILT_DIGEST_SIZE}, out);
}

void silt_seal_hash(const void *bytes, size_t size, char out[SILT_SEAL_SIZE])
{
    struct silt_digest digest;
    silt_digest_of((struct silt_span){bytes, size}, &digest);
    print(&digest, out);
}

void silt_seal_hmac(const char *key, const void *bytes, size_t size, char out[SILT_SEAL_SIZE])
{
    struct silt_digest digest;
    const struct silt_span secret = {(const uint8_t *)key, strlen(key)};
    silt_digest_hmac(secret, (struct silt_span){bytes, size}, &digest);
    print(&digest, out);
}
