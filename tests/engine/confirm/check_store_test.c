/*
 * check_store_test.c: stores built by hand, whole, cut and changed.
 */
#include "trial.h"

#include <openssl/sha.h>

/* A JKS file of one entry: tag 1 is a private key, tag 2 a certificate; signed with a password. */
static size_t make_jks(unsigned char tag, const char *password, unsigned char *out)
{
    static const unsigned char head[] = {0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1};
    static const unsigned char entry[] = {0, 1,   'a', 0,   0,   0,   0, 0, 0, 0, 0, 0,
                                          5, 'X', '.', '5', '0', '9', 0, 0, 0, 2, 9, 9};
    unsigned char text[256];
    size_t at = sizeof head, size = 0;
    memcpy(out, head, sizeof head);
    memcpy(out + at, (unsigned char[]){0, 0, 0, tag}, 4);
    memcpy(out + at + 4, entry, sizeof entry);
    at += 4 + sizeof entry;
    for (const char *c = password; *c != '\0'; c++) {
        text[size++] = 0;
        text[size++] = (unsigned char)*c;
    }
    memcpy(text + size, "Mighty Aphrodite", 16);
    memcpy(text + size + 16, out, at);
    SHA1(text, size + 16 + at, out + at);
    return at + SHA_DIGEST_LENGTH;
}

Test(check_store, tries_the_usual_passwords_on_java_keystores)
{
    unsigned char file[256];
    size_t size = make_jks(1, "changeit", file);
    struct silt_ruling ruling = trial_check("jks", file, size);
    cr_expect_str_eq(ruling.detail, "Java keystore, opens with the password \"changeit\"");
    size = make_jks(1, "k9Qw3ZrT", file);
    cr_expect_str_eq(trial_check("jks", file, size).detail, "Java keystore, under a password");
    for (size_t cut = 0; cut < size; cut++)
        trial_check("jks", file, cut);
}

Test(check_store, trust_stores_hold_no_secret)
{
    unsigned char file[256];
    size_t size = make_jks(2, "changeit", file);
    cr_expect(trial_check("jks", file, size).is_noise);
    file[11] = 2; /* a second entry that is not there: not known to be certificates only */
    cr_expect_not(trial_check("jks", file, size).is_noise);
}

Test(check_store, knows_bouncy_castle)
{
    unsigned char file[40] = {0, 0, 0, 2, 0, 0, 0, 20};
    cr_expect_eq(trial_check("jks", file, sizeof file).validation, SILT_VALIDATION_VALID);
    file[3] = 3;
    cr_expect_eq(trial_check("jks", file, sizeof file).validation, SILT_VALIDATION_INVALID);
    for (size_t cut = 0; cut < sizeof file; cut++)
        trial_check("jks", file, cut);
}

Test(check_store, knows_keepass_and_sqlite)
{
    static const unsigned char old[] = {0x03, 0xd9, 0xa2, 0x9a, 0x65, 0xfb, 0x4b, 0xb5};
    cr_expect_str_eq(trial_check("keepass", old, sizeof old).detail, "KeePass 1 database, under a password");
    cr_expect_eq(trial_check("keepass", old, sizeof old - 1).validation, SILT_VALIDATION_INVALID);
    cr_expect_eq(trial_check("sqlite", "SQLite format 3\0....", 20).validation, SILT_VALIDATION_VALID);
    cr_expect_eq(trial_check("sqlite", "SQLite format 2\0....", 20).validation, SILT_VALIDATION_INVALID);
}
