/*
 * digest.c: SHA-256 through libcrypto, which uses the processor's SHA instructions.
 */
#include "base/digest.h"

#include "base/hex.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

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
