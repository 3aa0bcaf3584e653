/*
 * hasher.c: SHA-256 piece by piece, through libcrypto's low-level functions, as in digest.c.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/hasher.h"

#include "base/error.h"

#include <openssl/sha.h>
#include <stdlib.h>

struct silt_hasher {
    SHA256_CTX context;
};

enum silt_status silt_hasher_new(struct silt_hasher **out, struct silt_error *error)
{
    struct silt_hasher *hasher = malloc(sizeof *hasher);
    if (hasher == NULL)
        return silt_error_memory(error);
    SHA256_Init(&hasher->context);
    *out = hasher;
    return SILT_OK;
}

void silt_hasher_put(struct silt_hasher *hasher, struct silt_span bytes)
{
    SHA256_Update(&hasher->context, bytes.data, bytes.size);
}

void silt_hasher_take(struct silt_hasher *hasher, struct silt_digest *out)
{
    SHA256_Final(out->bytes, &hasher->context);
    SHA256_Init(&hasher->context);
}

void silt_hasher_free(struct silt_hasher *hasher)
{
    free(hasher);
}
