/*
 * key_der.c: DER keys by libcrypto. What libcrypto computes while it parses (the public half of DSA, DH and
 * EC keys) grows with the cube of the size, so sizes are bounded before it sees a byte.
 */
#include "confirm/key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <stdio.h>

/* An RSA key of 16384 bits takes 9.3 KiB; RSA costs nothing but copying. All others with sane sizes fit in 1
 * KiB: a DSA key that fills it costs some 5 ms. */
enum { SIZE_MIN = 16, RSA_SIZE_MAX = 12 * 1024, OTHER_SIZE_MAX = 1024, OID_RSA_SIZE = 9 };

/* rsaEncryption, 1.2.840.113549.1.1.1 */
static const uint8_t oid_rsa[OID_RSA_SIZE] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};

/* Reads a header; answers the content's start, 0 if the length does not fit. */
static size_t read_header(struct silt_span der, size_t at, uint8_t tag, size_t *size)
{
    if (der.size - at < 2 || der.data[at] != tag)
        return 0;
    size_t first = der.data[at + 1];
    at += 2;
    *size = first;
    if (first >= 0x80) {
        size_t count = first & 0x7f;
        if (count == 0 || count > 3 || der.size - at < count)
            return 0;
        for (*size = 0; count > 0; count--)
            *size = *size << 8 | der.data[at++];
    }
    return *size <= der.size - at ? at : 0;
}

/* PKCS#1: SEQUENCE { INTEGER 0, INTEGER n (long) …; PKCS#8: SEQUENCE { INTEGER, SEQUENCE { OID rsaEncryption.
 */
static bool is_rsa(struct silt_span der)
{
    size_t size, at = read_header(der, 0, 0x30, &size);
    size_t version = at != 0 ? read_header(der, at, 0x02, &size) : 0;
    if (version == 0)
        return false;
    at = version + size;
    size_t modulus = read_header(der, at, 0x02, &size);
    if (modulus != 0 && size > 32) {
        size_t exponent = read_header(der, modulus + size, 0x02, &size);
        return exponent != 0 && size <= 8; /* DSA has a long q here */
    }
    at = read_header(der, at, 0x30, &size);
    at = at != 0 ? read_header(der, at, 0x06, &size) : 0;
    return at != 0 && size == OID_RSA_SIZE && memcmp(der.data + at, oid_rsa, OID_RSA_SIZE) == 0;
}

static bool read_encrypted(struct silt_span der, struct silt_key *out)
{
    const unsigned char *at = der.data;
    X509_SIG *sealed = d2i_X509_SIG(NULL, &at, (long)der.size);
    if (sealed == NULL)
        return false;
    const X509_ALGOR *algorithm;
    X509_SIG_get0(sealed, &algorithm, NULL);
    const ASN1_OBJECT *oid;
    X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
    int nid = OBJ_obj2nid(oid);
    snprintf(out->kind, sizeof out->kind, "PKCS#8");
    out->is_encrypted = true;
    X509_SIG_free(sealed);
    return nid == NID_pbes2 || nid == NID_pbe_WithSHA1And3_Key_TripleDES_CBC ||
           nid == NID_pbeWithMD5AndDES_CBC || nid == NID_pbeWithSHA1AndDES_CBC ||
           nid == NID_pbeWithSHA1AndRC2_CBC || nid == NID_pbeWithMD5AndRC2_CBC ||
           nid == NID_pbe_WithSHA1And40BitRC2_CBC || nid == NID_pbe_WithSHA1And128BitRC4 ||
           nid == NID_pbe_WithSHA1And2_Key_TripleDES_CBC || nid == NID_pbe_WithSHA1And128BitRC2_CBC;
}

static void describe(const EVP_PKEY *key, struct silt_key *out)
{
    const char *name = EVP_PKEY_get0_type_name(key);
    int bits = EVP_PKEY_get_bits(key);
    if (name == NULL)
        name = "private key";
    if (strncmp(name, "ED", 2) == 0)
        snprintf(out->kind, sizeof out->kind, "Ed%.20s", name + 2);
    else if (name[0] == 'X')
        snprintf(out->kind, sizeof out->kind, "%.20s", name);
    else
        snprintf(out->kind, sizeof out->kind, "%.20s %d", name, bits);
}

bool silt_key_der_read(struct silt_span der, struct silt_key *out)
{
    memset(out, 0, sizeof *out);
    size_t limit = is_rsa(der) ? RSA_SIZE_MAX : OTHER_SIZE_MAX, size;
    if (der.size < SIZE_MIN || read_header(der, 0, 0x30, &size) == 0)
        return false;
    if (read_encrypted(der, out)) {
        ERR_clear_error();
        return true;
    }
    memset(out, 0, sizeof *out);
    if (der.size > limit) {
        ERR_clear_error();
        return false;
    }
    const unsigned char *at = der.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)der.size);
    if (key != NULL)
        describe(key, out);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return key != NULL;
}
