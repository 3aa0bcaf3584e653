/*
 * digest.c: SHA-256 through libcrypto, which uses the processor's SHA instructions.
 */
#include "base/digest.h"

#include "base/error.h"
#include "base/hex.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
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

void silt_digest_of(struct silt_span bytes, struct silt_digest *out)
{
    EVP_Digest(bytes.data, bytes.size, out->bytes, NULL, EVP_sha256(), NULL);
}

void silt_digest_hmac(struct silt_span key, struct silt_span bytes, struct silt_digest *out)
{
    HMAC(EVP_sha256(), key.data, (int)key.size, bytes.data, bytes.size, out->bytes, NULL);
}

void silt_digest_print(const struct silt_digest *digest, char out[SILT_DIGEST_TEXT_SIZE])
{
    memcpy(out, "sha256:", 7);
    silt_hex_print(silt_span_of(digest->bytes, SILT_DIGEST_SIZE), out + 7);
}

bool silt_digest_parse(struct silt_span text, struct silt_digest *out)
{
    if (text.size != SILT_DIGEST_TEXT_SIZE - 1 || !silt_span_has_prefix(text, "sha256:"))
        return false;
    return silt_hex_parse(silt_span_slice(text, 7, 64), out->bytes);
}

bool silt_digest_equal(const struct silt_digest *a, const struct silt_digest *b)
{
    return memcmp(a->bytes, b->bytes, SILT_DIGEST_SIZE) == 0;
}
