/*
 * check_aws.c: AWS access key ids: base32 behind the prefix; ids made since 2019 carry the account number in
 * their first 48 bits. Source: Tal Be'ery, "A short note on AWS key ID" (2023); AWS, "Unique identifiers" in
 * the IAM guide.
 */
#include "confirm/check.h"
#include "confirm/radix.h"

#include <inttypes.h>

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { SIZE = 20, PREFIX = 4, DECODED = 10 };
    const uint64_t mask = 0x7fffffffff80, accounts = 1000000000000;
    uint8_t bytes[DECODED];
    struct silt_span body = silt_span_slice(claim->secret, PREFIX, SIZE);
    if (claim->secret.size != SIZE || silt_radix_decode32(body, bytes, sizeof bytes) != DECODED) {
        silt_check_rule(out, false, "not base32, as key ids are");
        return;
    }
    if (!(body.data[0] >= 'Q' && body.data[0] <= 'Z') && !(body.data[0] >= '2' && body.data[0] <= '7')) {
        silt_check_rule(out, true, "a key id of the older form");
        return;
    }
    uint64_t number = 0;
    for (int i = 0; i < 6; i++)
        number = number << 8 | bytes[i];
    uint64_t account = (number & mask) >> 7;
    if (account < accounts)
        silt_check_rule(out, true, "account %012" PRIu64, account);
    else
        silt_check_rule(out, false, "holds no account number");
}

const struct silt_check silt_check_aws_key_id = {"aws-key-id", SILT_CHECK_STRUCTURE, run};
