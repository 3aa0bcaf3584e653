/*
 * check_wireguard.c: WireGuard private keys: 32 bytes, clamped as Curve25519 scalars are (RFC 7748, section
 * 5). A public key passes one time in 32.
 */
#include "confirm/check.h"
#include "confirm/radix.h"

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { KEY_SIZE = 32 };
    uint8_t key[KEY_SIZE];
    bool fits = silt_radix_decode64(claim->secret, key, sizeof key) == KEY_SIZE && (key[0] & 7) == 0 &&
                (key[KEY_SIZE - 1] & 0xc0) == 0x40;
    silt_check_rule(out, fits, fits ? "clamped as private keys are" : "not clamped as private keys are");
    explicit_bzero(key, sizeof key);
}

const struct silt_check silt_check_wireguard = {"wireguard", SILT_CHECK_STRUCTURE, run};
