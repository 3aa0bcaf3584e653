/*
 * check_store.c: files that are stores of keys or passwords, known by their first bytes.
 *
 * Sources: JDK, sun.security.provider.JavaKeyStore (layout, "Mighty Aphrodite"); Bouncy Castle BcKeyStoreSpi;
 * KeePass "KDBX file format"; SQLite "Database file format", section 1.3.
 */
#include "confirm/check.h"
#include "confirm/common.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

/* HASHED_MAX bytes for all tries together take some 4 ms. */
enum { JKS_HEADER = 12, HASHED_MAX = 4 << 20 };

static uint32_t big_endian(struct silt_span bytes, size_t at)
{
    return (uint32_t)bytes.data[at] << 24 | (uint32_t)bytes.data[at + 1] << 16 |
           (uint32_t)bytes.data[at + 2] << 8 | bytes.data[at + 3];
}

/* A JKS file ends in SHA-1(password as UTF-16BE, "Mighty Aphrodite", all before). */
static bool opens_with(struct silt_span file, const char *password)
{
    static const char salt[] = "Mighty Aphrodite";
    uint8_t digest[SHA_DIGEST_LENGTH], wide[64];
    size_t size = 0;
    for (; *password != '\0' && size + 2 <= sizeof wide; password++) {
        wide[size++] = 0;
        wide[size++] = (uint8_t)*password;
    }
    uint8_t text[sizeof wide + sizeof salt];
    memcpy(text, wide, size);
    memcpy(text + size, salt, sizeof salt - 1);
    size += sizeof salt - 1;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_done = context != NULL && EVP_DigestInit_ex(context, EVP_sha1(), NULL) == 1 &&
                   EVP_DigestUpdate(context, text, size) == 1 &&
                   EVP_DigestUpdate(context, file.data, file.size - SHA_DIGEST_LENGTH) == 1 &&
                   EVP_DigestFinal_ex(context, digest, NULL) == 1;
    EVP_MD_CTX_free(context);
    return is_done && memcmp(digest, file.data + file.size - SHA_DIGEST_LENGTH, sizeof digest) == 0;
}

static const char *guess(struct silt_span file)
{
    if (file.size < JKS_HEADER + SHA_DIGEST_LENGTH)
        return NULL;
    size_t tries = HASHED_MAX / file.size;
    for (const char *const *password = silt_common_passwords; *password != NULL && tries > 0;
         password++, tries--)
        if (opens_with(file, *password))
            return *password;
    return NULL;
}

/* Moves past a field with a length of two or four bytes before it; false at the end of what is known. */
static bool skip_field(struct silt_span file, size_t *at, size_t width)
{
    if (file.size - *at < width)
        return false;
    size_t size = width == 4 ? big_endian(file, *at) : (size_t)file.data[*at] << 8 | file.data[*at + 1];
    *at += width;
    if (size > file.size - *at)
        return false;
    *at += size;
    return true;
}

/* Moves past an entry of trusted certificate kind: tag 2, alias, date, type, certificate. */
static bool skip_certificate(struct silt_span file, size_t *at)
{
    enum { CERTIFICATE = 2, DATE_SIZE = 8 };
    if (file.size - *at < 4 || big_endian(file, *at) != CERTIFICATE)
        return false;
    *at += 4;
    if (!skip_field(file, at, 2) || file.size - *at < DATE_SIZE)
        return false;
    *at += DATE_SIZE;
    return skip_field(file, at, 2) && skip_field(file, at, 4);
}

/* A trust store, such as cacerts: all entries are certificates. */
static bool has_only_certificates(struct silt_span file)
{
    uint32_t count = big_endian(file, 8);
    size_t at = JKS_HEADER;
    for (uint32_t i = 0; i < count; i++)
        if (!skip_certificate(file, &at))
            return false;
    return true;
}

static void rule_jks(struct silt_span file, const char *name, struct silt_ruling *out)
{
    if (has_only_certificates(file)) {
        out->is_noise = true;
        silt_check_rule(out, true, "%s without private keys", name);
        return;
    }
    const char *password = guess(file);
    if (password != NULL)
        silt_check_rule(out, true, "%s, opens with the password \"%s\"", name, password);
    else
        silt_check_rule(out, true, "%s, under a password", name);
    out->is_protected = password == NULL;
}

/* Bouncy Castle's: version 0 to 2, then a salt of 20 bytes with its length before it (BcKeyStoreSpi). */
static bool is_bks(struct silt_span file)
{
    enum { VERSION_MAX = 2, SALT_SIZE = 20 };
    return file.size >= JKS_HEADER + SALT_SIZE && big_endian(file, 0) <= VERSION_MAX &&
           big_endian(file, 4) == SALT_SIZE;
}

static void run_jks(const struct silt_claim *claim, struct silt_ruling *out)
{
    const uint32_t jks = 0xfeedfeed, jceks = 0xcececece;
    struct silt_span file = claim->secret;
    uint32_t magic = file.size >= JKS_HEADER ? big_endian(file, 0) : 0;
    if (magic == jks || magic == jceks)
        rule_jks(file, magic == jks ? "Java keystore" : "JCE keystore", out);
    else if (is_bks(file))
        silt_check_rule(out, true, "Bouncy Castle keystore, under a password");
    else /* what keytool writes since Java 9 */
        silt_check_find("pkcs12")->run(claim, out);
    if (magic != jks && magic != jceks && out->validation == SILT_VALIDATION_INVALID)
        silt_check_rule(out, false, "no Java keystore");
}

static void run_keepass(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const uint8_t magic[] = {0x03, 0xd9, 0xa2, 0x9a};
    struct silt_span file = claim->secret;
    bool fits = file.size >= 8 && memcmp(file.data, magic, sizeof magic) == 0 && file.data[5] == 0xfb &&
                file.data[6] == 0x4b && file.data[7] == 0xb5 && file.data[4] >= 0x65 && file.data[4] <= 0x67;
    if (fits)
        silt_check_rule(out, true, "KeePass %d database, under a password", file.data[4] == 0x65 ? 1 : 2);
    else
        silt_check_rule(out, false, "no KeePass database");
}

static void run_sqlite(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char magic[] = "SQLite format 3";
    bool fits = claim->secret.size >= sizeof magic && memcmp(claim->secret.data, magic, sizeof magic) == 0;
    silt_check_rule(out, fits, fits ? "SQLite database" : "no SQLite database");
}

const struct silt_check silt_check_store_jks = {"jks", SILT_CHECK_STRUCTURE, run_jks};
const struct silt_check silt_check_store_keepass = {"keepass", SILT_CHECK_STRUCTURE, run_keepass};
const struct silt_check silt_check_store_sqlite = {"sqlite", SILT_CHECK_SHAPE, run_sqlite};
