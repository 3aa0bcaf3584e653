/*
 * check_pkcs12_test.c: containers that libcrypto makes, under passwords common and not, with and without
 * keys.
 */
#include "trial.h"

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

enum { FILE_MAX = 8192, USUAL_ROUNDS = 2048 };

struct file {
    unsigned char bytes[FILE_MAX];
    size_t size;
};

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    cr_assert_eq(X509_set_pubkey(certificate, key), 1);
    cr_assert_gt(X509_sign(certificate, key, EVP_sha256()), 0);
    return certificate;
}

/* `key_cipher` is NID_aes_256_cbc, or -1 for a key that is not encrypted. */
static void make_file(struct file *file, const char *password, bool has_key, int key_cipher, int rounds)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key);
    PKCS12 *container = PKCS12_create(password, "name", has_key ? key : NULL, certificate, NULL, key_cipher,
                                      NID_aes_256_cbc, 10, rounds, 0);
    cr_assert_not_null(container);
    unsigned char *out = file->bytes;
    int size = i2d_PKCS12(container, NULL);
    cr_assert(size > 0 && size <= FILE_MAX);
    file->size = (size_t)i2d_PKCS12(container, &out);
    PKCS12_free(container);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static struct silt_ruling check_made(const char *password, bool has_key, int key_cipher, int rounds)
{
    struct file file;
    make_file(&file, password, has_key, key_cipher, rounds);
    struct silt_ruling ruling = trial_check("pkcs12", file.bytes, file.size);
    cr_expect_eq(ruling.validation, SILT_VALIDATION_VALID);
    return ruling;
}

Test(check_pkcs12, tries_the_usual_passwords)
{
    struct silt_ruling ruling = check_made("changeit", true, NID_aes_256_cbc, 10000);
    cr_expect_str_eq(ruling.detail, "PKCS#12 container, opens with the password \"changeit\"");
    cr_expect_not(ruling.is_protected);
    ruling = check_made("changeme", true, NID_aes_256_cbc, USUAL_ROUNDS);
    cr_expect_str_eq(ruling.detail, "PKCS#12 container, opens with the password \"changeme\"");
    ruling = check_made("", true, NID_aes_256_cbc, USUAL_ROUNDS);
    cr_expect_str_eq(ruling.detail, "PKCS#12 container, opens without a password");
    ruling = check_made(NULL, true, NID_aes_256_cbc, USUAL_ROUNDS);
    cr_expect_str_eq(ruling.detail, "PKCS#12 container, opens without a password");
    ruling = check_made("k9Qw3ZrT", true, NID_aes_256_cbc, USUAL_ROUNDS);
    cr_expect_str_eq(ruling.detail, "PKCS#12 container, under a password");
    cr_expect(ruling.is_protected);
}

Test(check_pkcs12, takes_no_more_time_than_it_has)
{
    struct silt_ruling ruling = check_made("changeit", true, NID_aes_256_cbc, 60000);
    cr_expect_str_eq(ruling.detail, "PKCS#12 container, under a password", "too many rounds to try any");
}

Test(check_pkcs12, tells_what_is_inside)
{
    struct silt_ruling ruling = check_made("k9Qw3ZrT", true, -1, USUAL_ROUNDS);
    cr_expect_str_eq(ruling.detail, "PKCS#12 container with an unencrypted private key");
    ruling = check_made("k9Qw3ZrT", false, NID_aes_256_cbc, USUAL_ROUNDS);
    cr_expect(ruling.is_lowered, "certificates only, as far as can be seen");
    ruling = check_made("changeit", true, NID_aes_256_cbc, USUAL_ROUNDS);
    cr_expect_not(ruling.is_lowered);
}

Test(check_pkcs12, survives_cuts_and_changes)
{
    struct file file;
    make_file(&file, "changeit", true, NID_aes_256_cbc, 1);
    for (size_t at = 0; at < file.size; at++) {
        trial_check("pkcs12", file.bytes, at);
        file.bytes[at] ^= 0x41;
        trial_check("pkcs12", file.bytes, file.size);
        file.bytes[at] ^= 0x41;
    }
    cr_expect_str_eq(trial_check("jks", file.bytes, file.size).detail,
                     "PKCS#12 container, opens with the password \"changeit\"", "keytool writes these now");
}

Test(check_pkcs12, knows_one_by_its_beginning)
{
    static const unsigned char file[40] = {0x30, 0x82, 0x09, 0x0a, 2,    1,    3,    0x30, 0x82, 8, 0xd0,
                                           6,    9,    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1,    7, 1};
    cr_expect_eq(trial_check("pkcs12", file, sizeof file).validation, SILT_VALIDATION_VALID);
    cr_expect_str_eq(trial_check("jks", file, sizeof file).detail, "PKCS#12 container",
                     "keytool writes these now");
    unsigned char other[40];
    memcpy(other, file, sizeof other);
    other[6] = 2;
    cr_expect_eq(trial_check("pkcs12", other, sizeof other).validation, SILT_VALIDATION_INVALID);
    for (size_t cut = 0; cut < sizeof file; cut++)
        trial_check("pkcs12", file, cut);
}
