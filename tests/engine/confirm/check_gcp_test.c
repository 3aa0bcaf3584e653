/*
 * check_gcp_test.c: service-account keys around a key made when the test runs.
 */
#include "trial.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>

enum { TEXT_MAX = 8192 };

/* The PEM of a new key with each line break as `with`. */
static void make_key(const char *with, char out[TEXT_MAX])
{
    char pem[TEXT_MAX];
    EVP_PKEY *rsa = EVP_RSA_gen(1024);
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, rsa, NULL, NULL, 0, NULL, NULL);
    int count = BIO_read(bio, pem, sizeof pem);
    size_t size = 0;
    for (int i = 0; i < count; i++)
        if (pem[i] == '\n')
            size += (size_t)snprintf(out + size, TEXT_MAX - size, "%s", with);
        else
            out[size++] = pem[i];
    out[size] = '\0';
    BIO_free(bio);
    EVP_PKEY_free(rsa);
}

Test(check_gcp, reads_plain_and_escaped_json)
{
    char key[TEXT_MAX], text[2 * TEXT_MAX];
    make_key("\\n", key);
    snprintf(text, sizeof text,
             "{\"type\": \"service_account\", \"private_key\": \"%s\", \"client_email\": "
             "\"a@p.iam.gserviceaccount.com\"}",
             key);
    struct silt_ruling ruling = trial_check_text("gcp-service-account", text);
    cr_expect_eq(ruling.validation, SILT_VALIDATION_VALID, "%s", ruling.detail);
    cr_expect_str_eq(ruling.detail, "a@p.iam.gserviceaccount.com");
    make_key("\\\\n", key);
    snprintf(text, sizeof text,
             "{\\\"type\\\": \\\"service_account\\\", \\\"private_key\\\": \\\"%s\\\", \\\"client_email\\\": "
             "\\\"a@p.iam.gserviceaccount.com\\\"}",
             key);
    ruling = trial_check_text("gcp-service-account", text);
    cr_expect_eq(ruling.validation, SILT_VALIDATION_VALID, "%s", ruling.detail);
}

Test(check_gcp, refuses_what_lacks_a_part)
{
    cr_expect_eq(trial_check_text("gcp-service-account", "{\"type\": \"service_account\"}").validation,
                 SILT_VALIDATION_INVALID);
    cr_expect_str_eq(
        trial_check_text("gcp-service-account",
                         "{\"type\": \"service_account\", \"private_key\": \"x\", \"client_email\": "
                         "\"a@p.iam.gserviceaccount.com\"}")
            .detail,
        "the private key does not parse");
    cr_expect_eq(trial_check_text("gcp-service-account", "").validation, SILT_VALIDATION_INVALID);
    cr_expect_eq(trial_check_text("gcp-service-account", "{\\").validation, SILT_VALIDATION_INVALID);
}
