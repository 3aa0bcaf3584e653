/*
 * check_bech32.c: age identities and Nostr keys. Sources: BIP-173 (bech32); age-encryption.org/v1
 * ("AGE-SECRET-KEY-1", upper case); Nostr NIP-19 ("nsec1").
 */
#include "confirm/check.h"

#include <ctype.h>

static uint32_t step(uint32_t polymod, uint8_t value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = polymod >> 25;
    polymod = (polymod & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < 5; i++)
        if (top >> i & 1)
            polymod ^= generator[i];
    return polymod;
}

/* The checksum covers the high bits of the prefix, a zero, its low bits, and the data (BIP-173, "Checksum").
 */
static bool is_bech32(struct silt_span text, size_t prefix_size)
{
    static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    uint32_t polymod = 1;
    for (size_t i = 0; i < prefix_size; i++)
        polymod = step(polymod, (uint8_t)tolower(text.data[i]) >> 5);
    polymod = step(polymod, 0);
    for (size_t i = 0; i < prefix_size; i++)
        polymod = step(polymod, (uint8_t)tolower(text.data[i]) & 31);
    for (size_t i = prefix_size + 1; i < text.size; i++) {
        const char *digit = text.data[i] != '\0' ? strchr(digits, tolower(text.data[i])) : NULL;
        if (digit == NULL)
            return false;
        polymod = step(polymod, (uint8_t)(digit - digits));
    }
    return polymod == 1;
}

static void rule(struct silt_span secret, const char *prefix, struct silt_ruling *out)
{
    bool fits = silt_span_has_prefix(secret, prefix) && is_bech32(secret, strlen(prefix) - 1);
    silt_check_rule(out, fits, fits ? "checksum good" : "checksum bad");
}

static void run_age(const struct silt_claim *claim, struct silt_ruling *out)
{
    rule(claim->secret, "AGE-SECRET-KEY-1", out);
}

static void run_nostr(const struct silt_claim *claim, struct silt_ruling *out)
{
    rule(claim->secret, "nsec1", out);
}

const struct silt_check silt_check_bech32_age = {"age-bech32", SILT_CHECK_PROOF, run_age};
const struct silt_check silt_check_bech32_nostr = {"bech32-nostr", SILT_CHECK_PROOF, run_nostr};
