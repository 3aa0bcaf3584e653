/*
 * check_pkcs12.c: PKCS#12 containers (RFC 7292): whether a private key is inside, and whether one of the
 * usual passwords opens it. The MAC tells (section 5.1); its rounds are the file's choice, so that the time
 * for all tries together is limited. keytool's 10,000 rounds leave five tries, openssl's 2,048 two dozen.
 */
#include "confirm/check.h"
#include "confirm/common.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

/* Some 12 ms. */
enum { ROUNDS_MAX = 50000 };

/* What stands in the parts that are not encrypted. Keys are there, each under the password by itself; what is
 * encrypted as a whole are certificates as a rule. */
struct contents {
    bool has_open_key, has_locked_key, has_locked_part;
};

static void look_at_bags(const STACK_OF(PKCS12_SAFEBAG) * bags, struct contents *contents)
{
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
        int kind = PKCS12_SAFEBAG_get_nid(sk_PKCS12_SAFEBAG_value(bags, i));
        contents->has_open_key |= kind == NID_keyBag;
        contents->has_locked_key |= kind == NID_pkcs8ShroudedKeyBag || kind == NID_secretBag;
        contents->has_locked_part |= kind == NID_safeContentsBag; /* not looked into */
    }
}

static void look_inside(const PKCS12 *container, struct contents *contents)
{
    STACK_OF(PKCS7) *parts = PKCS12_unpack_authsafes(container);
    for (int i = 0; i < sk_PKCS7_num(parts); i++) {
        PKCS7 *part = sk_PKCS7_value(parts, i);
        STACK_OF(PKCS12_SAFEBAG) *bags = PKCS7_type_is_data(part) ? PKCS12_unpack_p7data(part) : NULL;
        contents->has_locked_part |= bags == NULL;
        look_at_bags(bags, contents);
        sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    }
    sk_PKCS7_pop_free(parts, PKCS7_free);
}

static long rounds_of(const PKCS12 *container)
{
    const ASN1_INTEGER *rounds = NULL;
    PKCS12_get0_mac(NULL, NULL, NULL, &rounds, container);
    return rounds != NULL ? ASN1_INTEGER_get(rounds) : 1;
}

/* The password, or NULL. An empty one is written in two ways: as no bytes, and as an empty text. */
static const char *guess(PKCS12 *container)
{
    long rounds = rounds_of(container);
    long tries = rounds > 0 ? ROUNDS_MAX / rounds : 0;
    if (tries > 1 && PKCS12_verify_mac(container, NULL, 0) == 1)
        return "";
    for (const char *const *password = silt_common_passwords; *password != NULL && tries > 0;
         password++, tries--)
        if (PKCS12_verify_mac(container, *password, -1) == 1)
            return *password;
    return NULL;
}

static void rule_lock(PKCS12 *container, struct silt_ruling *out)
{
    const char *password = PKCS12_mac_present(container) ? guess(container) : NULL;
    if (password != NULL && password[0] != '\0')
        silt_check_rule(out, true, "PKCS#12 container, opens with the password \"%s\"", password);
    else if (password != NULL)
        silt_check_rule(out, true, "PKCS#12 container, opens without a password");
    else
        silt_check_rule(out, true, "PKCS#12 container, under a password");
    out->is_protected = password == NULL;
}

static void rule(PKCS12 *container, struct silt_ruling *out)
{
    struct contents contents = {false};
    look_inside(container, &contents);
    if (contents.has_open_key) {
        silt_check_rule(out, true, "PKCS#12 container with an unencrypted private key");
    } else if (contents.has_locked_key) {
        rule_lock(container, out);
    } else if (contents.has_locked_part) {
        rule_lock(container, out);
        out->is_lowered = true; /* a trust store, as far as can be seen */
    } else {
        silt_check_rule(out, true, "PKCS#12 container without private keys");
        out->is_noise = true;
    }
}

/* SEQUENCE of any length form, INTEGER 3, SEQUENCE, OID 1.2.840.113549.1.7 (PKCS#7 data or signed data): what
 * can be told of a file that is not all there. */
static bool begins_as_pkcs12(struct silt_span file)
{
    static const uint8_t version[] = {0x02, 0x01, 0x03, 0x30},
                         oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
    if (file.size < 32 || file.data[0] != 0x30)
        return false;
    size_t at = file.data[1] > 0x80 && file.data[1] <= 0x84 ? 2u + (file.data[1] & 0x7f) : 2;
    return memcmp(file.data + at, version, sizeof version) == 0 &&
           memmem(file.data + at, file.size - at < 24 ? file.size - at : 24, oid, sizeof oid) != NULL;
}

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_span file = claim->secret;
    if (!begins_as_pkcs12(file)) {
        silt_check_rule(out, false, "no PKCS#12 container");
        return;
    }
    const uint8_t *bytes = file.data;
    ERR_set_mark();
    PKCS12 *container = d2i_PKCS12(NULL, &bytes, (long)file.size);
    if (container != NULL)
        rule(container, out);
    else
        silt_check_rule(out, true, "PKCS#12 container");
    PKCS12_free(container);
    ERR_pop_to_mark();
}

const struct silt_check silt_check_pkcs12_container = {"pkcs12", SILT_CHECK_STRUCTURE, run};
