/*
 * check_github.c: fine-grained personal access tokens: the first eight base32 digits of a SHA-256 stand 16
 * characters before the end, over everything before them. Source: found over published samples (token
 * formats, section 2a).
 */
#include "base/digest.h"
#include "confirm/check.h"
#include "confirm/radix.h"

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    enum { SIZE = 93, TAIL = 16, DIGITS = 8 };
    struct silt_digest digest;
    char expected[DIGITS];
    if (claim->secret.size != SIZE) {
        silt_check_rule(out, false, "wrong length for its checksum");
        return;
    }
    silt_digest_of(silt_span_slice(claim->secret, 0, SIZE - TAIL), &digest);
    uint64_t number = 0;
    for (int i = 0; i < 5; i++)
        number = number << 8 | digest.bytes[i];
    silt_radix_print(number, base32, DIGITS, expected);
    bool fits = memcmp(claim->secret.data + SIZE - TAIL, expected, DIGITS) == 0;
    silt_check_rule(out, fits, fits ? "checksum good" : "checksum bad");
}

const struct silt_check silt_check_github_pat = {"github-pat-sha256", SILT_CHECK_PROOF, run};
