/*
 * check_base58_test.c: the first key of BIP-32's test vectors (seed 000102…0f), whole and changed.
 */
#include "trial.h"

static const char key[] = "xprv9s21ZrQH143K3QTDL4LXw2F7HE"
                          "K3wJUD2nW2nRk4stbPy6cq3jPPqjiC"
                          "hkVvvNKmPGJxWUtg6LnF5kejMRNNU3"
                          "TGtRBeJgk33yuGBxrMPHi";

Test(check_base58, extended_keys_end_in_a_checksum)
{
    char changed[sizeof key];
    cr_expect_eq(trial_check_text("bip32-base58", key).validation, SILT_VALIDATION_VALID);
    for (size_t i = 0; i < sizeof key - 1; i++) {
        memcpy(changed, key, sizeof key);
        changed[i] = changed[i] == 'Q' ? 'R' : 'Q';
        cr_expect_eq(trial_check_text("bip32-base58", changed).validation, SILT_VALIDATION_INVALID, "%zu", i);
        changed[i] = '0';
        cr_expect_eq(trial_check_text("bip32-base58", changed).validation, SILT_VALIDATION_INVALID, "%zu", i);
        cr_expect_eq(trial_check("bip32-base58", key, i).validation, SILT_VALIDATION_INVALID);
    }
}
