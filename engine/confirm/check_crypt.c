/*
 * check_crypt.c: password hashes: scheme and cost (crypt(5); RFC 9106 for Argon2; htpasswd(1)). {SHA} is one
 * plain SHA-1, cheap enough to try the commonest passwords: three dozen take some ten microseconds. All other
 * schemes are made to be slow and are not tried.
 */
#include "confirm/check.h"
#include "confirm/common.h"
#include "confirm/radix.h"

#include <openssl/sha.h>
#include <stdio.h>

enum { DES_SIZE = 13 };

struct scheme {
    const char *prefix, *name;
    bool has_rounds; /* $rounds=N$ behind the prefix */
};

static const struct scheme schemes[] = {
    {"$2a$", "bcrypt", false},
    {"$2b$", "bcrypt", false},
    {"$2y$", "bcrypt", false},
    {"$2x$", "bcrypt", false},
    {"$y$", "yescrypt", false},
    {"$gy$", "gost-yescrypt", false},
    {"$7$", "scrypt", false},
    {"$6$", "SHA-512 crypt", true},
    {"$5$", "SHA-256 crypt", true},
    {"$1$", "MD5 crypt", false},
    {"$apr1$", "Apache MD5 crypt", false},
    {"$argon2id$", "Argon2id", false},
    {"$argon2i$", "Argon2i", false},
    {"$argon2d$", "Argon2d", false},
    {"{SHA}", "unsalted SHA-1", false},
    {"{SSHA}", "salted SHA-1", false},
    {"$P$", "phpass", false},
    {"$krb5asrep$", "Kerberos AS-REP", false},
    {"$sha1$", "SHA-1 crypt", false},
    {"$md5", "Sun MD5 crypt", false},
};

/* The cost as the hash states it: bcrypt's two digits, rounds=N, Argon2's m, t and p. */
static void print_cost(struct silt_span rest, const struct scheme *scheme, char *out, size_t size)
{
    struct silt_span cost = {0};
    out[0] = '\0';
    if (strcmp(scheme->name, "bcrypt") == 0)
        cost = silt_span_slice(rest, 0, 2);
    else if (scheme->has_rounds && silt_span_has_prefix(rest, "rounds="))
        cost = silt_span_slice(rest, 7, 9);
    else if (strncmp(scheme->name, "Argon2", 6) == 0 && silt_span_has_prefix(rest, "v=19$"))
        cost = silt_span_slice(rest, 5, 30);
    const uint8_t *end = cost.size > 0 ? memchr(cost.data, '$', cost.size) : NULL;
    if (end != NULL)
        cost.size = (size_t)(end - cost.data);
    if (cost.size > 0)
        snprintf(out, size, ", cost %.*s", (int)cost.size, (const char *)cost.data);
}

static const char *guess_sha1(struct silt_span encoded)
{
    uint8_t wanted[SHA_DIGEST_LENGTH], digest[SHA_DIGEST_LENGTH];
    if (silt_radix_decode64(encoded, wanted, sizeof wanted) != sizeof wanted)
        return NULL;
    for (const char *const *password = silt_common_passwords; *password != NULL; password++) {
        SHA1((const unsigned char *)*password, strlen(*password), digest);
        if (memcmp(digest, wanted, sizeof wanted) == 0)
            return *password;
    }
    return NULL;
}

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_span secret = claim->secret;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        const struct scheme *scheme = &schemes[i];
        if (!silt_span_has_prefix(secret, scheme->prefix))
            continue;
        char cost[48];
        struct silt_span rest = silt_span_slice(secret, strlen(scheme->prefix), secret.size);
        print_cost(rest, scheme, cost, sizeof cost);
        bool is_guessed = strcmp(scheme->prefix, "{SHA}") == 0 && guess_sha1(rest) != NULL;
        silt_check_rule(out, true, "%s%s%s", scheme->name, cost,
                        is_guessed ? ", of a very common password" : "");
        return;
    }
    static const char alphabet[] = SILT_RADIX_62_UPPER_FIRST "./";
    bool is_des = secret.size == DES_SIZE && silt_radix_is_all(secret, alphabet);
    silt_check_rule(out, is_des, is_des ? "DES crypt" : "no known password hash");
}

const struct silt_check silt_check_crypt_hash = {"crypt-hash", SILT_CHECK_SHAPE, run};
