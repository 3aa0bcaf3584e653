/*
 * check_signer.c: secret keys that sign files: of minisign ("Secret key format" on its page: algorithms,
 * salt, limits of scrypt, key number, key, checksum) and of OpenBSD's signify (signify.c, struct enckey).
 */
#include "confirm/check.h"
#include "confirm/radix.h"

#include <openssl/evp.h>

enum { MINISIGN_SIZE = 158, SIGNIFY_SIZE = 104, ROUNDS_AT = 4, CHECKSUM_AT = 24, KEY_AT = 40, KEY_SIZE = 64 };
enum { CHECKSUM_SIZE = 8, DIGEST_SIZE = 64 };

static bool decode(struct silt_span text, uint8_t *out, size_t size)
{
    return silt_radix_decode64(text, out, size) == size;
}

static void run_minisign(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const uint8_t locked[] = {'E', 'd', 'S', 'c', 'B', '2'}, open[] = {'E', 'd', 0, 0, 'B', '2'};
    uint8_t key[MINISIGN_SIZE];
    bool is_whole = decode(claim->secret, key, sizeof key);
    if (is_whole && memcmp(key, locked, sizeof locked) == 0) {
        out->is_protected = true;
        silt_check_rule(out, true, "minisign Ed25519, encrypted");
    } else if (is_whole && memcmp(key, open, sizeof open) == 0) {
        silt_check_rule(out, true, "minisign Ed25519, not encrypted");
    } else {
        silt_check_rule(out, false, "no minisign secret key");
    }
    explicit_bzero(key, sizeof key);
}

/* A key that is not encrypted fits its checksum: the beginning of its SHA-512. */
static bool has_good_checksum(const uint8_t key[SIGNIFY_SIZE])
{
    uint8_t digest[DIGEST_SIZE];
    bool is_hashed = EVP_Digest(key + KEY_AT, KEY_SIZE, digest, NULL, EVP_sha512(), NULL) == 1;
    return is_hashed && memcmp(digest, key + CHECKSUM_AT, CHECKSUM_SIZE) == 0;
}

static void run_signify(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const uint8_t head[] = {'E', 'd', 'B', 'K'}, no_rounds[4] = {0};
    uint8_t key[SIGNIFY_SIZE];
    if (!decode(claim->secret, key, sizeof key) || memcmp(key, head, sizeof head) != 0) {
        silt_check_rule(out, false, "no signify secret key");
    } else if (memcmp(key + ROUNDS_AT, no_rounds, sizeof no_rounds) != 0) {
        out->is_protected = true;
        silt_check_note(out, "signify Ed25519, encrypted");
    } else {
        bool fits = has_good_checksum(key);
        silt_check_rule(out, fits, fits ? "signify Ed25519, not encrypted" : "checksum bad");
    }
    explicit_bzero(key, sizeof key);
}

const struct silt_check silt_check_signer_minisign = {"minisign", SILT_CHECK_STRUCTURE, run_minisign};
const struct silt_check silt_check_signer_signify = {"signify", SILT_CHECK_PROOF, run_signify};
