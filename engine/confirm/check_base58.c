/*
 * check_base58.c: extended private keys of wallets: base58 whose last four bytes are a checksum, SHA-256
 * twice (BIP-32, "Serialization format"; Bitcoin Wiki, "Base58Check encoding").
 */
#include "confirm/check.h"

#include <openssl/evp.h>

enum { EXTENDED_SIZE = 82, CHECKSUM_SIZE = 4, DIGEST_SIZE = 32 };

/* Decodes to exactly `size` bytes, leading zeros included. */
static bool decode(struct silt_span text, uint8_t *out, size_t size)
{
    static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    memset(out, 0, size);
    for (size_t i = 0; i < text.size; i++) {
        const char *digit = text.data[i] != '\0' ? strchr(digits, text.data[i]) : NULL;
        if (digit == NULL)
            return false;
        uint32_t carry = (uint32_t)(digit - digits);
        for (size_t at = size; at-- > 0; carry >>= 8) {
            carry += 58u * out[at];
            out[at] = (uint8_t)carry;
        }
        if (carry != 0)
            return false;
    }
    return true;
}

static bool has_good_checksum(const uint8_t *bytes, size_t size)
{
    uint8_t once[DIGEST_SIZE], twice[DIGEST_SIZE];
    return EVP_Digest(bytes, size - CHECKSUM_SIZE, once, NULL, EVP_sha256(), NULL) == 1 &&
           EVP_Digest(once, sizeof once, twice, NULL, EVP_sha256(), NULL) == 1 &&
           memcmp(twice, bytes + size - CHECKSUM_SIZE, CHECKSUM_SIZE) == 0;
}

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    uint8_t bytes[EXTENDED_SIZE];
    bool fits = claim->secret.size <= 2 * EXTENDED_SIZE && decode(claim->secret, bytes, sizeof bytes) &&
                has_good_checksum(bytes, sizeof bytes);
    silt_check_rule(out, fits, fits ? "checksum good" : "checksum bad");
    explicit_bzero(bytes, sizeof bytes);
}

const struct silt_check silt_check_base58_extended = {"bip32-base58", SILT_CHECK_PROOF, run};
