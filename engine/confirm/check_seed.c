/*
 * check_seed.c: Ed25519 seeds in base32 that end in CRC-16 (XMODEM), lowest byte first: Stellar secret seeds
 * (SEP-23, "strkey") and NATS nkeys (nats-io/nkeys, README: "Encoded keys").
 */
#include "confirm/check.h"
#include "confirm/crc.h"
#include "confirm/radix.h"

enum { CHECKSUM_SIZE = 2, STELLAR_SIZE = 1 + 32 + CHECKSUM_SIZE, NKEY_SIZE = 2 + 32 + CHECKSUM_SIZE };

static void rule(struct silt_span secret, size_t size, struct silt_ruling *out)
{
    uint8_t bytes[NKEY_SIZE + 1];
    bool is_whole = silt_radix_decode32(secret, bytes, sizeof bytes) == size;
    bool fits = is_whole && silt_crc_16(silt_span_of(bytes, size - CHECKSUM_SIZE)) ==
                                (bytes[size - 1] << 8 | bytes[size - 2]);
    silt_check_rule(out, fits, fits ? "checksum good" : "checksum bad");
    explicit_bzero(bytes, sizeof bytes);
}

static void run_stellar(const struct silt_claim *claim, struct silt_ruling *out)
{
    rule(claim->secret, STELLAR_SIZE, out);
}

static void run_nkey(const struct silt_claim *claim, struct silt_ruling *out)
{
    rule(claim->secret, NKEY_SIZE, out);
}

const struct silt_check silt_check_seed_stellar = {"stellar-crc16", SILT_CHECK_PROOF, run_stellar};
const struct silt_check silt_check_seed_nkey = {"nkey-crc16", SILT_CHECK_PROOF, run_nkey};
