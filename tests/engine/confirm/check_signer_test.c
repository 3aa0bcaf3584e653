/*
 * check_signer_test.c: keys that minisign -G -W and signify -G -n made for this test, and changed ones.
 */
#include "trial.h"

static const char minisign[] = "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD0iTeQ/T"
                               "8ipxW31oO8bR/x7yI9U4RPVXc5Ahwo7XpWzusbEL"
                               "p1QR5wf+5j9IeG7PGzRXt/XlSyEf3wbikqVBt3pW"
                               "Kzgws2qNAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                               "AAAAAAAAAAA=";
static const char signify[] = "RWRCSwAAAAAFwZdXjZnAVkRLAoXUEbUeBsLcvAu/"
                              "cy6fSs6y1b9/So1jj3Zc1U9Xsjjdj0rJdbQD06KN"
                              "QekS/t2J7b5Ou3KGf9P13/A6JRCzpZVxLlJshNFf"
                              "UKih/Cly9FHtWaS+R4M=";

static struct silt_ruling check_changed(const char *check, const char *key, size_t at, char with)
{
    char changed[256];
    snprintf(changed, sizeof changed, "%s", key);
    changed[at] = with;
    return trial_check_text(check, changed);
}

Test(check_signer, knows_open_and_locked_minisign_keys)
{
    cr_expect_str_eq(trial_check_text("minisign", minisign).detail, "minisign Ed25519, not encrypted");
    char locked[256];
    snprintf(locked, sizeof locked, "RWRT%s%s", "Y0Iy", minisign + 8);
    struct silt_ruling ruling = trial_check_text("minisign", locked);
    cr_expect_str_eq(ruling.detail, "minisign Ed25519, encrypted");
    cr_expect(ruling.is_protected);
    cr_expect_eq(check_changed("minisign", minisign, 2, 'x').validation, SILT_VALIDATION_INVALID);
    for (size_t size = 0; size < strlen(minisign) - 2; size++)
        cr_expect_eq(trial_check("minisign", minisign, size).validation, SILT_VALIDATION_INVALID);
}

Test(check_signer, open_signify_keys_fit_their_checksum)
{
    cr_expect_str_eq(trial_check_text("signify", signify).detail, "signify Ed25519, not encrypted");
    cr_expect_eq(check_changed("signify", signify, 60, signify[60] == 'Q' ? 'R' : 'Q').validation,
                 SILT_VALIDATION_INVALID);
    struct silt_ruling ruling = check_changed("signify", signify, 7, 'q'); /* a number of rounds */
    cr_expect_str_eq(ruling.detail, "signify Ed25519, encrypted");
    cr_expect(ruling.is_protected);
    for (size_t size = 0; size < strlen(signify) - 2; size++)
        cr_expect_eq(trial_check("signify", signify, size).validation, SILT_VALIDATION_INVALID);
}
