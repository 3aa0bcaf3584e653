/*
 * check_azure.c: Microsoft's identifiable keys: a signature at a fixed place and a Marvin32 of the rest.
 *
 * Sources: token formats, section 2a; Marvin32: marvin.c. First generation: base64 of 64, 40, 39 or 32 bytes
 * whose last four are the checksum. Common annotated keys: 84 characters; the checksum of the first 60 bytes
 * in four base62 digits.
 */
#include "confirm/check.h"
#include "confirm/marvin.h"
#include "confirm/radix.h"

enum { KEY_MAX = 66, CHECKSUM_SIZE = 4, SEEDS_MAX = 3 };

/* First-generation keys by length of their text and place of their signature. */
struct kind {
    size_t size, place;
    const char *signature;
    const char *seeds[SEEDS_MAX]; /* the first NULL ends it; a kind without any is known by its shape alone */
};

static const struct kind kinds[] = {
    {88, 76, "+ASt", {"Default0"}},
    {88, 76, "ACDb", {"MastRW00", "MastRO00", "Default0"}},
    {88, 76, "+ABa", {"Default0"}},
    {88, 76, "+AMC", {NULL}},
    {88, 76, "APIM", {NULL}},
    {56, 44, "AzFu", {NULL}},
    {52, 42, "AzSe", {NULL}},
    {52, 42, "+ACR", {"ACRDflt0", "Default0"}},
    {44, 33, "AzCa", {"Access00", "Default0"}},
    {44, 33, "+ASb", {"Default0"}},
    {44, 33, "+AEh", {"Default0"}},
    {44, 33, "+ARm", {"Default0"}},
    {44, 33, "AIoT", {"Default0"}},
};

/* Kinds whose seed was verified over published samples: only there does a mismatch say anything. */
static bool is_verified(const struct kind *kind)
{
    return memcmp(kind->signature, "+ASt", 4) == 0 || memcmp(kind->signature, "ACDb", 4) == 0 ||
           memcmp(kind->signature, "AzCa", 4) == 0;
}

static uint32_t little_endian(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void rule_first(const struct kind *kind, struct silt_span secret, struct silt_ruling *out)
{
    uint8_t key[KEY_MAX];
    size_t size = silt_radix_decode64(secret, key, sizeof key);
    bool fits = false;
    if (size == SILT_RADIX_BAD || size <= CHECKSUM_SIZE) {
        silt_check_rule(out, false, "not base64");
        return;
    }
    struct silt_span body = silt_span_of(key, size - CHECKSUM_SIZE);
    for (int i = 0; i < SEEDS_MAX && kind->seeds[i] != NULL; i++)
        fits |= silt_marvin_32(kind->seeds[i], body) == little_endian(key + size - CHECKSUM_SIZE);
    explicit_bzero(key, sizeof key);
    if (fits)
        silt_check_rule(out, true, "checksum good");
    else if (is_verified(kind))
        silt_check_rule(out, false, "checksum bad");
}

/* The four digits as the published sample has them, or counted from the other end: 24 bits either way. */
static bool annotated_fits(const uint8_t *key, struct silt_span tail)
{
    enum { DIGITS = 6, SHOWN = 4 };
    uint32_t hash = __builtin_bswap32(silt_marvin_32("Default0", silt_span_of(key, 60)));
    char digits[DIGITS], reversed[DIGITS];
    silt_radix_print(hash, SILT_RADIX_62_UPPER_FIRST, DIGITS, digits);
    for (int i = 0; i < DIGITS; i++)
        reversed[i] = digits[DIGITS - 1 - i];
    size_t zeros = 0;
    while (zeros < DIGITS - SHOWN && digits[zeros] == '0')
        zeros++;
    return memcmp(tail.data, digits, SHOWN) == 0 || memcmp(tail.data, digits + zeros, SHOWN) == 0 ||
           memcmp(tail.data, reversed, SHOWN) == 0;
}

static void rule_annotated(struct silt_span secret, struct silt_ruling *out)
{
    enum { BODY = 80, SERVICE = 76, SERVICE_SIZE = 4 };
    uint8_t key[KEY_MAX];
    if (silt_radix_decode64(silt_span_slice(secret, 0, BODY), key, sizeof key) == SILT_RADIX_BAD) {
        silt_check_rule(out, false, "not base64");
        return;
    }
    bool fits = annotated_fits(key, silt_span_slice(secret, BODY, SERVICE_SIZE));
    explicit_bzero(key, sizeof key);
    silt_check_rule(out, fits, "service %.4s, checksum %s", (const char *)secret.data + SERVICE,
                    fits ? "good" : "bad");
}

static void run_marvin32(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { ANNOTATED_SIZE = 84, ANNOTATED_PADDED = 88, MARK = 52 };
    struct silt_span secret = claim->secret;
    if ((secret.size == ANNOTATED_SIZE || secret.size == ANNOTATED_PADDED) &&
        memcmp(secret.data + MARK, "JQQJ9", 5) == 0) {
        rule_annotated(secret, out);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (secret.size == kinds[i].size &&
            memcmp(secret.data + kinds[i].place, kinds[i].signature, 4) == 0) {
            rule_first(&kinds[i], secret, out);
            return;
        }
    silt_check_rule(out, false, "no key signature at its place");
}

/* Entra client secrets: three characters, the generation, Q~, the rest. The checksum of generation 8 is
 * Microsoft's own and not documented, so that only the form is looked at. */
static void run_entra(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { GENERATION = 3, SIZE_MIN = 37, SIZE_MAX_ENTRA = 40 };
    static const char alphabet[] = SILT_RADIX_62_UPPER_FIRST "_.~-";
    struct silt_span secret = claim->secret;
    bool fits = secret.size >= SIZE_MIN && secret.size <= SIZE_MAX_ENTRA &&
                silt_radix_is_all(secret, alphabet) && secret.data[GENERATION] >= '0' &&
                secret.data[GENERATION] <= '9' && memcmp(secret.data + GENERATION + 1, "Q~", 2) == 0;
    if (fits)
        silt_check_rule(out, true, "client secret of generation %c", secret.data[GENERATION]);
    else
        silt_check_rule(out, false, "not in the form of a client secret");
}

const struct silt_check silt_check_azure_marvin32 = {"azure-marvin32", SILT_CHECK_PROOF, run_marvin32};
const struct silt_check silt_check_azure_entra = {"azure-entra", SILT_CHECK_SHAPE, run_entra};
