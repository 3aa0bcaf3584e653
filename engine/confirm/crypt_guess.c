/*
 * crypt_guess.c: libxcrypt does the work, but for Apache's MD5 (apr1), which it does not know: that is MD5
 * crypt with a word of its own (Apache, apr_md5.c; Poul-Henning Kamp's algorithm).
 */
#include "confirm/crypt_guess.h"

#include "confirm/common.h"

#include <crypt.h>
#include <openssl/evp.h>
#include <stdlib.h>

enum { HASH_MAX = 128, SALT_MAX = 8, MD5_SIZE = 16, ALL = 1000 };

/* Milliseconds a try on the reference machine: MD5 0.2, SHA 2.4 to 3.1, yescrypt 31, bcrypt of cost 5 2.2. */
static const struct {
    const char *prefix;
    size_t tries;
} schemes[] = {{"$1$", ALL},   {"$apr1$", ALL}, {"$5$", 24},     {"$6$", 24},
               {"$y$j9T$", 4}, {"$2a$05$", 24}, {"$2b$05$", 24}, {"$2y$05$", 24}};

/* The scheme writes 1,000 rounds as one number: what each mixes in follows from its digits. */
static bool mix_round(EVP_MD_CTX *context, int round, const char *password, struct silt_span salt,
                      uint8_t digest[MD5_SIZE])
{
    size_t size = strlen(password);
    const bool is_odd = round & 1;
    return EVP_DigestInit_ex(context, EVP_md5(), NULL) == 1 &&
           EVP_DigestUpdate(context, is_odd ? (const void *)password : digest, is_odd ? size : MD5_SIZE) ==
               1 &&
           (round % 3 == 0 || EVP_DigestUpdate(context, salt.data, salt.size) == 1) &&
           (round % 7 == 0 || EVP_DigestUpdate(context, password, size) == 1) &&
           EVP_DigestUpdate(context, is_odd ? digest : (const void *)password, is_odd ? MD5_SIZE : size) ==
               1 &&
           EVP_DigestFinal_ex(context, digest, NULL) == 1;
}

/* The first digest: password, "$apr1$", salt, then as many bytes of a second one as the password has, then
 * one byte for each bit of its length. */
static bool mix_first(EVP_MD_CTX *context, const char *password, struct silt_span salt,
                      uint8_t digest[MD5_SIZE])
{
    size_t size = strlen(password);
    bool is_good =
        EVP_DigestInit_ex(context, EVP_md5(), NULL) == 1 && EVP_DigestUpdate(context, password, size) == 1 &&
        EVP_DigestUpdate(context, salt.data, salt.size) == 1 &&
        EVP_DigestUpdate(context, password, size) == 1 && EVP_DigestFinal_ex(context, digest, NULL) == 1 &&
        EVP_DigestInit_ex(context, EVP_md5(), NULL) == 1 && EVP_DigestUpdate(context, password, size) == 1 &&
        EVP_DigestUpdate(context, "$apr1$", 6) == 1 && EVP_DigestUpdate(context, salt.data, salt.size) == 1;
    for (size_t left = size; is_good && left > 0; left -= left < MD5_SIZE ? left : MD5_SIZE)
        is_good = EVP_DigestUpdate(context, digest, left < MD5_SIZE ? left : MD5_SIZE) == 1;
    for (size_t bits = size; is_good && bits > 0; bits >>= 1)
        is_good = EVP_DigestUpdate(context, bits & 1 ? "" : password, 1) == 1;
    return is_good && EVP_DigestFinal_ex(context, digest, NULL) == 1;
}

/* Three bytes as four digits, lowest bits first; the order of bytes is the scheme's. */
static void print_apr1(const uint8_t digest[MD5_SIZE], char out[23])
{
    static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const uint8_t order[6][3] = {{0, 6, 12}, {1, 7, 13}, {2, 8, 14},
                                        {3, 9, 15}, {4, 10, 5}, {11, 11, 11}};
    for (int group = 0; group < 6; group++) {
        uint32_t number = (uint32_t)digest[order[group][0]] << 16 | (uint32_t)digest[order[group][1]] << 8 |
                          digest[order[group][2]];
        if (group == 5)
            number = digest[11];
        for (int i = 0; i < (group == 5 ? 2 : 4); i++, number >>= 6)
            *out++ = digits[number & 63];
    }
    *out = '\0';
}

static bool is_apr1_of(const char *hash, const char *password)
{
    enum { ROUNDS = 1000, PREFIX = 6 };
    uint8_t digest[MD5_SIZE];
    char printed[23];
    const char *salt = hash + PREFIX, *end = strchr(salt, '$');
    if (end == NULL || end - salt > SALT_MAX)
        return false;
    struct silt_span seasoning = {(const uint8_t *)salt, (size_t)(end - salt)};
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_good = context != NULL && mix_first(context, password, seasoning, digest);
    for (int round = 0; round < ROUNDS && is_good; round++)
        is_good = mix_round(context, round, password, seasoning, digest);
    EVP_MD_CTX_free(context);
    if (is_good)
        print_apr1(digest, printed);
    return is_good && strcmp(printed, end + 1) == 0;
}

static bool is_of(const char *hash, const char *password, struct crypt_data *data)
{
    if (strncmp(hash, "$apr1$", 6) == 0)
        return is_apr1_of(hash, password);
    const char *made = crypt_r(password, hash, data);
    return made != NULL && strcmp(made, hash) == 0;
}

static size_t tries_for(struct silt_span hash)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (silt_span_has_prefix(hash, schemes[i].prefix))
            return schemes[i].tries;
    return 0;
}

bool silt_crypt_guess(struct silt_span hash)
{
    char text[HASH_MAX];
    size_t tries = tries_for(hash);
    /* A number of rounds in the hash is its maker's choice. */
    if (tries == 0 || hash.size >= sizeof text || memmem(hash.data, hash.size, "rounds=", 7) != NULL)
        return false;
    struct crypt_data *data = calloc(1, sizeof *data);
    memcpy(text, hash.data, hash.size);
    text[hash.size] = '\0';
    bool is_guessed = false;
    for (const char *const *password = silt_common_passwords;
         data != NULL && *password != NULL && tries > 0 && !is_guessed; password++, tries--)
        is_guessed = is_of(text, *password, data);
    free(data);
    return is_guessed;
}
