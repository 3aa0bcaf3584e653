/*
 * key_der.c: DER keys: PKCS#1 (RFC 8017, appendix A.1.2), PKCS#8 (RFC 5958), SEC1 (RFC 5915), DSA as OpenSSL
 * writes it.
 *
 * libcrypto reads what is encrypted, knows the names of algorithms and curves, and multiplies RSA's primes;
 * the plain structure is read here. Its own decoders take 2.6 ms a key on the reference machine, and compute
 * the public half of DSA, DH and EC keys, which grows with the cube of a hostile size; this takes some
 * microseconds, and sees damage that they do not: an RSA modulus that is not the product of its primes.
 */
#include "confirm/key.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <stdio.h>

enum {
    INTEGER = 0x02,
    BITS = 0x03,
    OCTETS = 0x04,
    OID = 0x06,
    SEQUENCE = 0x30,
    PARAMETERS = 0xa0,
    POINT = 0xa1
};
enum { NUMBER_MAX = 2048 + 1, EDWARDS_SIZE = 32 };

/* Takes one element with this tag off the front; its content goes to out. */
static bool take(struct silt_span *rest, uint8_t tag, struct silt_span *out)
{
    if (rest->size < 2 || rest->data[0] != tag)
        return false;
    size_t at = 2, size = rest->data[1];
    if (size >= 0x80) {
        size_t count = size & 0x7f;
        if (count == 0 || count > 3 || rest->size - at < count)
            return false;
        for (size = 0; count > 0; count--)
            size = size << 8 | rest->data[at++];
    }
    if (size > rest->size - at)
        return false;
    *out = silt_span_slice(*rest, at, size);
    *rest = silt_span_slice(*rest, at + size, rest->size);
    return true;
}

static bool take_number(struct silt_span *rest, struct silt_span *out)
{
    return take(rest, INTEGER, out) && out->size > 0 && out->size <= NUMBER_MAX;
}

static unsigned bits_of(struct silt_span number)
{
    while (number.size > 0 && number.data[0] == 0)
        number = silt_span_slice(number, 1, number.size);
    unsigned bits = (unsigned)number.size * 8;
    for (uint8_t top = number.size > 0 ? number.data[0] : 0x80; (top & 0x80) == 0; top = (uint8_t)(top << 1))
        bits--;
    return bits;
}

static int nid_of(struct silt_span oid)
{
    /* libcrypto wants the header with it; no OID of a key type comes near 32 bytes. */
    uint8_t der[2 + 32] = {OID, (uint8_t)oid.size};
    const unsigned char *at = der;
    if (oid.size == 0 || oid.size > sizeof der - 2)
        return NID_undef;
    memcpy(der + 2, oid.data, oid.size);
    ASN1_OBJECT *object = d2i_ASN1_OBJECT(NULL, &at, 2 + (long)oid.size);
    int nid = object != NULL ? OBJ_obj2nid(object) : NID_undef;
    ASN1_OBJECT_free(object);
    return nid;
}

static bool is_product(struct silt_span n, struct silt_span p, struct silt_span q)
{
    BIGNUM *modulus = BN_bin2bn(n.data, (int)n.size, NULL);
    BIGNUM *first = BN_bin2bn(p.data, (int)p.size, NULL), *second = BN_bin2bn(q.data, (int)q.size, NULL);
    BIGNUM *product = BN_new();
    BN_CTX *context = BN_CTX_new();
    bool fits = modulus != NULL && first != NULL && second != NULL && product != NULL && context != NULL &&
                BN_mul(product, first, second, context) == 1 && BN_cmp(product, modulus) == 0;
    BN_free(modulus);
    BN_clear_free(first);
    BN_clear_free(second);
    BN_clear_free(product);
    BN_CTX_free(context);
    return fits;
}

/* version, n, e, d, p, q, …; version 1 has more primes and is not multiplied. */
static bool read_rsa(struct silt_span rest, struct silt_key *out)
{
    struct silt_span version, n, e, d, p, q, tail;
    if (!take_number(&rest, &version) || !take_number(&rest, &n) || !take_number(&rest, &e) ||
        !take_number(&rest, &d) || !take_number(&rest, &p) || !take_number(&rest, &q))
        return false;
    for (int i = 0; i < 3; i++)
        if (!take_number(&rest, &tail))
            return false;
    snprintf(out->kind, sizeof out->kind, "RSA %u", bits_of(n));
    const struct silt_span public[] = {silt_span_text("ssh-rsa"), e, n};
    silt_key_public_fields(public, 3, out);
    bool has_two_primes = version.size == 1 && version.data[0] == 0;
    return !has_two_primes || is_product(n, p, q);
}

/* version, p, q, g, y, x */
static bool read_dsa(struct silt_span rest, struct silt_key *out)
{
    struct silt_span version, p, number;
    if (!take_number(&rest, &version) || !take_number(&rest, &p))
        return false;
    for (int i = 0; i < 4; i++)
        if (!take_number(&rest, &number))
            return false;
    snprintf(out->kind, sizeof out->kind, "DSA %u", bits_of(p));
    return rest.size == 0;
}

/* OpenSSH knows three curves. */
static void fingerprint_point(struct silt_span curve, struct silt_span point, struct silt_key *out)
{
    static const struct {
        int nid;
        const char *type, *name;
    } curves[] = {{NID_X9_62_prime256v1, "ecdsa-sha2-nistp256", "nistp256"},
                  {NID_secp384r1, "ecdsa-sha2-nistp384", "nistp384"},
                  {NID_secp521r1, "ecdsa-sha2-nistp521", "nistp521"}};
    int nid = nid_of(curve);
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        const struct silt_span fields[] = {silt_span_text(curves[i].type), silt_span_text(curves[i].name),
                                           point};
        if (curves[i].nid == nid)
            silt_key_public_fields(fields, 3, out);
    }
}

static void name_curve(struct silt_span oid, struct silt_key *out)
{
    int nid = nid_of(oid);
    snprintf(out->kind, sizeof out->kind, "EC %.30s",
             nid != NID_undef ? OBJ_nid2sn(nid) : "of an unknown curve");
}

/* version 1, the scalar, [0] the curve, [1] the point; in PKCS#8 the curve stands outside. */
static bool read_ec(struct silt_span rest, struct silt_span curve, struct silt_key *out)
{
    enum { SCALAR_MIN = 14, SCALAR_MAX = 72 }; /* secp112r1; sect571 */
    struct silt_span version, scalar, parameters, wrapped, bits;
    if (!take_number(&rest, &version) || version.size != 1 || version.data[0] != 1 ||
        !take(&rest, OCTETS, &scalar))
        return false;
    if (curve.size == 0 && take(&rest, PARAMETERS, &parameters))
        take(&parameters, OID, &curve);
    name_curve(curve, out);
    bool has_point = take(&rest, POINT, &wrapped) && take(&wrapped, BITS, &bits) && bits.size > 1;
    if (has_point) /* the first byte counts bits that are not used: none */
        fingerprint_point(curve, silt_span_slice(bits, 1, bits.size), out);
    return scalar.size >= SCALAR_MIN && scalar.size <= SCALAR_MAX;
}

/* One multiplication of a fixed size, some 50 microseconds. */
static void fingerprint_ed25519(struct silt_span scalar, struct silt_key *out)
{
    uint8_t public[EDWARDS_SIZE];
    size_t size = sizeof public;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, scalar.data, scalar.size);
    const struct silt_span fields[] = {silt_span_text("ssh-ed25519"), silt_span_of(public, sizeof public)};
    if (key != NULL && EVP_PKEY_get_raw_public_key(key, public, &size) == 1)
        silt_key_public_fields(fields, 2, out);
    EVP_PKEY_free(key);
}

/* Keys that are bytes and nothing else (RFC 8410). */
static bool read_edwards(int nid, struct silt_span rest, struct silt_key *out)
{
    size_t wanted = nid == NID_ED448 ? 57 : nid == NID_X448 ? 56 : 32;
    struct silt_span scalar;
    const char *name = OBJ_nid2sn(nid);
    snprintf(out->kind, sizeof out->kind, "%s%.20s", name[0] == 'E' ? "Ed" : "X",
             name + (name[0] == 'E' ? 2 : 1));
    bool fits = take(&rest, OCTETS, &scalar) && scalar.size == wanted;
    if (fits && nid == NID_ED25519)
        fingerprint_ed25519(scalar, out);
    return fits;
}

static bool read_inner(int nid, struct silt_span parameters, struct silt_span inner, struct silt_key *out)
{
    struct silt_span body = {0}, oid = {0}, numbers, p, x;
    switch (nid) {
    case NID_rsaEncryption:
    case NID_rsassaPss:
        return take(&inner, SEQUENCE, &body) && read_rsa(body, out);
    case NID_X9_62_id_ecPublicKey:
        if (!take(&parameters, OID, &oid))
            oid = (struct silt_span){0}; /* the curve is written out, or stands inside */
        return take(&inner, SEQUENCE, &body) && read_ec(body, oid, out);
    case NID_ED25519:
    case NID_ED448:
    case NID_X25519:
    case NID_X448:
        return read_edwards(nid, inner, out);
    case NID_dsa:
    case NID_dhKeyAgreement:
    case NID_dhpublicnumber:
        if (!take(&parameters, SEQUENCE, &numbers) || !take_number(&numbers, &p) || !take_number(&inner, &x))
            return false;
        snprintf(out->kind, sizeof out->kind, "%s %u", nid == NID_dsa ? "DSA" : "DH", bits_of(p));
        return true;
    default:
        snprintf(out->kind, sizeof out->kind, "%.40s", nid != NID_undef ? OBJ_nid2sn(nid) : "PKCS#8");
        return nid != NID_undef && inner.size > 0;
    }
}

/* version, the algorithm, the key as octets. */
static bool read_pkcs8(struct silt_span rest, struct silt_key *out)
{
    struct silt_span version, algorithm, oid, inner;
    if (!take_number(&rest, &version) || !take(&rest, SEQUENCE, &algorithm) || !take(&algorithm, OID, &oid) ||
        !take(&rest, OCTETS, &inner))
        return false;
    return read_inner(nid_of(oid), algorithm, inner, out);
}

static bool read_encrypted(struct silt_span der, struct silt_key *out)
{
    const unsigned char *at = der.data;
    X509_SIG *sealed = d2i_X509_SIG(NULL, &at, (long)der.size);
    if (sealed == NULL)
        return false;
    const X509_ALGOR *algorithm;
    const ASN1_OCTET_STRING *data;
    const ASN1_OBJECT *oid;
    int cipher, digest;
    X509_SIG_get0(sealed, &algorithm, &data);
    X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
    bool is_known = EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(oid), &cipher, &digest, NULL) == 1;
    bool has_data = ASN1_STRING_length(data) >= 8;
    snprintf(out->kind, sizeof out->kind, "PKCS#8");
    out->is_encrypted = true;
    X509_SIG_free(sealed);
    return is_known && has_data;
}

static bool read_key(struct silt_span der, struct silt_key *out)
{
    struct silt_span body, rest, version, next;
    struct silt_span whole = der;
    if (!take(&der, SEQUENCE, &body))
        return false;
    rest = body;
    if (!take_number(&rest, &version))
        return read_encrypted(whole, out);
    uint8_t tag = rest.size > 0 ? rest.data[0] : 0;
    if (tag == SEQUENCE)
        return read_pkcs8(body, out);
    if (tag == OCTETS)
        return read_ec(body, (struct silt_span){0}, out);
    size_t numbers = 0;
    for (rest = body; take_number(&rest, &next);)
        numbers++;
    return numbers == 6 ? read_dsa(body, out) : read_rsa(body, out);
}

bool silt_key_der_read(struct silt_span der, struct silt_key *out)
{
    memset(out, 0, sizeof *out);
    bool fits = read_key(der, out);
    ERR_clear_error();
    return fits;
}
