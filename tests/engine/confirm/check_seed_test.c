/*
 * check_seed_test.c: seeds that documentation publishes as examples, whole and changed in every place.
 */
#include "trial.h"

/* Of the tests of Stellar's SDK and of the NATS documentation, in pieces. */
static const char stellar[] = "SBU2RRGLXH3E5CQHTD3O"
                              "DLDF2BWDCYUSSBLLZ5GN"
                              "W7JXHDIYKXZWHOKR";
static const char nkey[] = "SUACSSL3UAHUDXKFSNVU"
                           "ZRF5UHPMWZ6BFDTJ7M6U"
                           "SDXIEDNPPQYYYCU3VY";

static void check_seed(const char *check, const char *seed)
{
    char changed[64];
    size_t size = strlen(seed);
    cr_expect_eq(trial_check_text(check, seed).validation, SILT_VALIDATION_VALID);
    for (size_t i = 0; i < size - 1; i++) { /* of the last digit some bits may be padding */
        memcpy(changed, seed, size + 1);
        changed[i] = changed[i] == 'Q' ? 'R' : 'Q';
        cr_expect_eq(trial_check_text(check, changed).validation, SILT_VALIDATION_INVALID, "%zu", i);
        changed[i] = '1';
        cr_expect_eq(trial_check_text(check, changed).validation, SILT_VALIDATION_INVALID, "%zu", i);
        trial_check(check, seed, i);
    }
}

Test(check_seed, stellar_seeds_end_in_a_checksum)
{
    check_seed("stellar-crc16", stellar);
    cr_expect_eq(trial_check_text("stellar-crc16", nkey).validation, SILT_VALIDATION_INVALID);
}

Test(check_seed, nkeys_end_in_a_checksum)
{
    check_seed("nkey-crc16", nkey);
    cr_expect_eq(trial_check_text("nkey-crc16", stellar).validation, SILT_VALIDATION_INVALID);
}
