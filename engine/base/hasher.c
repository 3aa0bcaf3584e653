/*
 * hasher.c: SHA-256 piece by piece, through libcrypto.
 */
#include "base/hasher.h"

#include "base/error.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct silt_hasher {
    EVP_MD_CTX *context;
};

enum silt_status silt_hasher_new(struct silt_hasher **out, struct silt_error *error)
{
    struct silt_hasher *hasher = malloc(sizeof *hasher);
    if (hasher == NULL)
        return silt_error_memory(error);
    hasher->context = EVP_MD_CTX_new();
    if (hasher->context == NULL || EVP_DigestInit_ex(hasher->context, EVP_sha256(), NULL) != 1) {
        silt_hasher_free(hasher);
        return silt_error_memory(error);
    }
    *out = hasher;
    return SILT_OK;
}

void silt_hasher_put(struct silt_hasher *hasher, struct silt_span bytes)
{
    EVP_DigestUpdate(hasher->context, bytes.data, bytes.size);
}

void silt_hasher_take(struct silt_hasher *hasher, struct silt_digest *out)
{
    EVP_DigestFinal_ex(hasher->context, out->bytes, NULL);
    EVP_DigestInit_ex(hasher->context, NULL, NULL);
}

void silt_hasher_free(struct silt_hasher *hasher)
{
    if (hasher == NULL)
        return;
    EVP_MD_CTX_free(hasher->context);
    free(hasher);
}
