/*
 * check_gitlab.c: routable tokens: PREFIX PAYLOAD [. VERSION] . LENGTH CRC, where PAYLOAD is base64url,
 * VERSION two digits, LENGTH the payload's length in two base36 digits and CRC the CRC-32 of all before it in
 * seven. Source: GitLab, lib/authn/token_field/generator/routable_token.rb. Older tokens carry no checksum.
 */
#include "confirm/check.h"
#include "confirm/crc.h"
#include "confirm/radix.h"

enum {
    LENGTH_DIGITS = 2,
    CRC_DIGITS = 7,
    TAIL = 1 + LENGTH_DIGITS + CRC_DIGITS,
    VERSION_SIZE = 3,
    PREFIX_MAX = 24
};

/* The payload has the stated length if there is a prefix, ending in "-", right before it. */
static bool length_fits(struct silt_span secret, size_t payload_end)
{
    char expected[LENGTH_DIGITS];
    const uint8_t *stated = secret.data + secret.size - CRC_DIGITS - LENGTH_DIGITS;
    for (size_t start = 1; start < payload_end && start <= PREFIX_MAX; start++) {
        silt_radix_print(payload_end - start, SILT_RADIX_36, LENGTH_DIGITS, expected);
        if (secret.data[start - 1] == '-' && memcmp(stated, expected, LENGTH_DIGITS) == 0)
            return true;
        /* Runner tokens put a type between prefix and payload: glrt-t1_. */
        if (secret.data[start - 1] == '_' && memcmp(stated, expected, LENGTH_DIGITS) == 0)
            return true;
    }
    return false;
}

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_span secret = claim->secret;
    char expected[CRC_DIGITS];
    if (secret.size < TAIL + PREFIX_MAX || secret.data[secret.size - TAIL] != '.')
        return;
    size_t payload_end = secret.size - TAIL;
    if (payload_end > VERSION_SIZE && secret.data[payload_end - VERSION_SIZE] == '.')
        payload_end -= VERSION_SIZE;
    uint32_t crc = silt_crc_32(silt_span_slice(secret, 0, secret.size - CRC_DIGITS));
    silt_radix_print(crc, SILT_RADIX_36, CRC_DIGITS, expected);
    if (memcmp(secret.data + secret.size - CRC_DIGITS, expected, CRC_DIGITS) != 0)
        silt_check_rule(out, false, "checksum bad");
    else if (!length_fits(secret, payload_end))
        silt_check_rule(out, false, "checksum good, but the payload has not the length it states");
    else
        silt_check_rule(out, true, "checksum good");
}

const struct silt_check silt_check_gitlab_routable = {"gitlab-routable", SILT_CHECK_PROOF, run};
