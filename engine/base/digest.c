/*
 * digest.c: SHA-256 through libcrypto, which uses the processor's SHA instructions.
 *
 * By its low-level functions: they allocate nothing and so cannot fail. EVP allocates on each call, and a
 * digest that was not made would let two secrets look like one.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include "base/hex.h"

#include <openssl/sha.h>

void silt_digest_of(struct silt_span bytes, struct silt_digest *out)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes.data, bytes.size);
    SHA256_Final(out->bytes, &context);
}

/* One of the two passes of RFC 2104, section 2. */
static void hash_with_pad(const uint8_t key[SHA256_CBLOCK], uint8_t pad, struct silt_span bytes,
                          struct silt_digest *out)
{
    uint8_t block[SHA256_CBLOCK];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = key[i] ^ pad;
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, block, sizeof block);
    SHA256_Update(&context, bytes.data, bytes.size);
    SHA256_Final(out->bytes, &context);
}

void silt_digest_hmac(struct silt_span key, struct silt_span bytes, struct silt_digest *out)
{
    uint8_t block[SHA256_CBLOCK] = {0};
    struct silt_digest inner;
    struct silt_digest shorter;
    if (key.size > sizeof block) {
        silt_digest_of(key, &shorter);
        key = silt_span_of(shorter.bytes, sizeof shorter.bytes);
    }
    if (key.size > 0)
        memcpy(block, key.data, key.size);
    hash_with_pad(block, 0x36, bytes, &inner);
    hash_with_pad(block, 0x5c, silt_span_of(inner.bytes, sizeof inner.bytes), out);
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
