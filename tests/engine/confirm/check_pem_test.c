/*
 * check_pem_test.c: keys made when the test runs, by libcrypto and by hand, in the ways files hold them.
 */
#include "trial.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>

enum { PEM_MAX = 16384, BODY_MAX = PEM_MAX - 256 };

/* A key in PEM; traditional: PKCS#1 or SEC1; a password encrypts. */
static void make_pem(EVP_PKEY *key, bool is_traditional, const char *password, char out[PEM_MAX])
{
    BIO *bio = BIO_new(BIO_s_mem());
    const EVP_CIPHER *cipher = password != NULL ? EVP_aes_128_cbc() : NULL;
    int size = password != NULL ? (int)strlen(password) : 0;
    if (is_traditional)
        PEM_write_bio_PrivateKey_traditional(bio, key, cipher, (const unsigned char *)password, size, NULL,
                                             NULL);
    else
        PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, password, size, NULL, NULL);
    int count = BIO_read(bio, out, PEM_MAX - 1);
    cr_assert_gt(count, 0);
    out[count] = '\0';
    BIO_free(bio);
}

static struct silt_ruling check(const char *text)
{
    return trial_check_text("pem-private-key", text);
}

/* Cuts the fingerprint off a detail and answers it, "" if there is none. */
static const char *take_fingerprint(struct silt_ruling *ruling)
{
    static const char before[] = ", public half ";
    char *at = strstr(ruling->detail, before);
    if (at == NULL)
        return "";
    *at = '\0';
    cr_expect_eq(strlen(at + strlen(before)), strlen("SHA256:") + 43);
    return at + strlen(before);
}

static void expect(const char *text, const char *detail, bool is_encrypted)
{
    struct silt_ruling ruling = check(text);
    cr_expect_eq(ruling.validation, SILT_VALIDATION_VALID, "%s: %s", detail, ruling.detail);
    take_fingerprint(&ruling);
    cr_expect_str_eq(ruling.detail, detail, "%s", ruling.detail);
    cr_expect_eq(ruling.is_protected, is_encrypted);
}

/* What a command prints on its first line; "" if it fails. */
static void run_command(const char *command, char *out, size_t size)
{
    out[0] = '\0';
    FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c): the command is this file's own
    cr_assert_not_null(pipe);
    if (fgets(out, (int)size, pipe) == NULL || pclose(pipe) != 0)
        out[0] = '\0';
}

/* Makes a key with ssh-keygen and compares what it and the check call its public half. */
static void compare_with_ssh_keygen(const char *options)
{
    char command[512], said[256], pem[PEM_MAX] = "", path[] = "/tmp/silt-key-XXXXXX";
    cr_assert_not_null(mkdtemp(path));
    snprintf(command, sizeof command, "cd %s && ssh-keygen -q -N '' -C '' -f k %s && ssh-keygen -lf k.pub",
             path, options);
    run_command(command, said, sizeof said);
    snprintf(command, sizeof command, "%s/k", path);
    FILE *file = fopen(command, "r");
    if (file != NULL) {
        cr_assert_gt(fread(pem, 1, sizeof pem - 1, file), 0);
        fclose(file);
        struct silt_ruling ruling = check(pem);
        const char *fingerprint = take_fingerprint(&ruling);
        cr_expect(fingerprint[0] != '\0' && strstr(said, fingerprint) != NULL, "%s: %s: %s", options,
                  fingerprint, said);
    }
    snprintf(command, sizeof command, "rm -r %s", path);
    run_command(command, said, sizeof said);
}

Test(check_pem, names_the_public_half_as_ssh_keygen_does)
{
    static const char *const options[] = {"-t ed25519", "-t rsa",          "-t rsa -m PEM",
                                          "-t ecdsa",   "-t ecdsa -m PEM", "-t ecdsa -b 521 -m PKCS8",
                                          "-t dsa",     "-t rsa -m PKCS8"};
    if (system("command -v ssh-keygen >/dev/null") != 0) // NOLINT(cert-env33-c)
        cr_skip_test("ssh-keygen is not installed");
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        compare_with_ssh_keygen(options[i]);
}

Test(check_pem, names_the_public_half_of_ed25519_keys)
{
    /* RFC 8410, section 10.3 has the key, 10.1 its public half; the hash is that of OpenSSH's form of it. */
    char pem[PEM_MAX];
    snprintf(pem, sizeof pem, "-----BEGIN %s-----\n%s%s\n-----END %s-----\n", "PRIVATE KEY",
             "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK", "1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC", "PRIVATE KEY");
    struct silt_ruling ruling = check(pem);
    cr_expect_str_eq(take_fingerprint(&ruling), "SHA256:ebCT4wkJOqO5AIlHG03cHvn3Cr3ZZEEh8m81duHhR3Q");
}

/* Writes `with` in place of each line break. */
static void replace_breaks(const char *text, const char *with, char out[PEM_MAX])
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        if (*text == '\n')
            count += (size_t)snprintf(out + count, PEM_MAX - count, "%s", with);
        else
            out[count++] = *text;
    out[count] = '\0';
}

Test(check_pem, names_kind_size_and_protection)
{
    char pem[PEM_MAX];
    EVP_PKEY *rsa = EVP_RSA_gen(2048), *ec = EVP_EC_gen("P-256"),
             *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    make_pem(rsa, true, NULL, pem);
    expect(pem, "RSA 2048, not encrypted", false);
    make_pem(rsa, false, NULL, pem);
    expect(pem, "RSA 2048, not encrypted", false);
    make_pem(rsa, false, "pw", pem);
    expect(pem, "PKCS#8, encrypted", true);
    make_pem(rsa, true, "pw", pem);
    expect(pem, "RSA PRIVATE KEY, encrypted", true);
    make_pem(ec, true, NULL, pem);
    expect(pem, "EC prime256v1, not encrypted", false);
    make_pem(ed, false, NULL, pem);
    expect(pem, "Ed25519, not encrypted", false);
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(ed);
}

Test(check_pem, reads_keys_as_files_hold_them)
{
    static const char *const breaks[] = {"\r\n", "\\n",   "\\\\n", "\\r\\n", "\n    ",  "\\n\" +\n  \"",
                                         "\n# ", "\n// ", " ",     "\n * ",  "\",\n\"", "'\n'"};
    char pem[PEM_MAX], text[PEM_MAX];
    EVP_PKEY *rsa = EVP_RSA_gen(1024);
    make_pem(rsa, false, NULL, pem);
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        replace_breaks(pem, breaks[i], text);
        struct silt_ruling ruling = check(text);
        cr_expect(take_fingerprint(&ruling)[0] != '\0');
        cr_expect_str_eq(ruling.detail, "RSA 1024, not encrypted", "%s: %s", breaks[i], ruling.detail);
    }
    EVP_PKEY_free(rsa);
}

Test(check_pem, reads_keys_wrapped_in_base64)
{
    char pem[PEM_MAX], text[PEM_MAX];
    EVP_PKEY *rsa = EVP_RSA_gen(1024);
    make_pem(rsa, true, NULL, pem);
    EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)pem, (int)strlen(pem));
    expect(text, "RSA 1024, not encrypted", false);
    text[40] = '!';
    cr_expect_eq(check(text).validation, SILT_VALIDATION_INVALID);
    EVP_PKEY_free(rsa);
}

Test(check_pem, refuses_keys_that_are_broken)
{
    char pem[PEM_MAX], text[PEM_MAX];
    EVP_PKEY *rsa = EVP_RSA_gen(1024);
    make_pem(rsa, true, NULL, pem);
    size_t header = strlen("-----BEGIN "
                           "RSA PRIVATE KEY-----\n");
    strcpy(text, pem);
    text[header + 1] = text[header + 1] == 'A' ? 'B' : 'A'; /* the DER header's length */
    cr_expect_eq(check(text).validation, SILT_VALIDATION_INVALID);
    strcpy(text, pem);
    text[header + 80] = text[header + 80] == 'A' ? 'B' : 'A'; /* inside the modulus: still good DER */
    cr_expect_eq(check(text).validation, SILT_VALIDATION_INVALID);
    strcpy(text, pem);
    text[header + 400] = '\0'; /* cut off */
    cr_expect_eq(check(text).validation, SILT_VALIDATION_INVALID);
    strcpy(text, pem);
    memmove(text + header + 64, text + header + 128,
            strlen(text + header + 128) + 1); /* a piece is missing */
    cr_expect_eq(check(text).validation, SILT_VALIDATION_INVALID);
    EVP_PKEY_free(rsa);
}

Test(check_pem, survives_every_cut_and_many_changes)
{
    char pem[PEM_MAX];
    unsigned state = 9;
    EVP_PKEY *ec = EVP_EC_gen("P-256");
    make_pem(ec, true, NULL, pem);
    for (size_t size = 0; size <= strlen(pem); size++)
        trial_check("pem-private-key", pem, size);
    for (int i = 0; i < 2000; i++) {
        make_pem(ec, true, NULL, pem);
        pem[(size_t)rand_r(&state) % strlen(pem)] = (char)(rand_r(&state) >> 8);
        trial_check("pem-private-key", pem, strlen(pem));
    }
    EVP_PKEY_free(ec);
}

/* An unprotected DSA key of absurd size would cost seconds of arithmetic. */
Test(check_pem, does_not_compute_for_hostile_sizes, .timeout = 10)
{
    enum { NUMBER = 3000 };
    static unsigned char der[3 * (NUMBER + 4) + 64];
    unsigned char text[sizeof der * 2];
    char pem[sizeof der * 2 + 100];
    static const unsigned char oid[] = {0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01}; /* dsa */
    size_t at = 4;
    memcpy(der + at, (const unsigned char[]){2, 1, 0}, 3);
    at += 3;
    size_t algorithm = at;
    at += 4;
    memcpy(der + at, oid, sizeof oid);
    at += sizeof oid + 4;
    size_t parameters = at;
    for (int i = 0; i < 3; i++) {
        memcpy(der + at, (const unsigned char[]){2, 0x82, NUMBER >> 8, NUMBER & 255}, 4);
        memset(der + at + 4, 0x7f, NUMBER);
        at += 4 + NUMBER;
    }
    size_t inner = at - parameters, outer = inner + 4 + sizeof oid;
    memcpy(der + parameters - 4,
           (unsigned char[]){0x30, 0x82, (unsigned char)(inner >> 8), (unsigned char)inner}, 4);
    memcpy(der + algorithm, (unsigned char[]){0x30, 0x82, (unsigned char)(outer >> 8), (unsigned char)outer},
           4);
    memcpy(der + at, (unsigned char[]){4, 4, 2, 2, 0x7f, 0x7f}, 6);
    at += 6;
    memcpy(der, (unsigned char[]){0x30, 0x82, (unsigned char)((at - 4) >> 8), (unsigned char)(at - 4)}, 4);
    EVP_EncodeBlock(text, der, (int)at);
    snprintf(pem, sizeof pem, "-----BEGIN %s-----\n%s\n-----END %s-----", "PRIVATE KEY", text, "PRIVATE KEY");
    cr_expect_eq(check(pem).validation, SILT_VALIDATION_INVALID);
}

/* Appends a field with its 32-bit length before it, as OpenSSH does. */
static size_t put_field(unsigned char *out, size_t at, const void *data, size_t size)
{
    out[at] = out[at + 1] = 0;
    out[at + 2] = (unsigned char)(size >> 8);
    out[at + 3] = (unsigned char)size;
    memcpy(out + at + 4, data, size);
    return at + 4 + size;
}

static void make_openssh(const char *cipher, unsigned char second_check, char out[PEM_MAX])
{
    unsigned char bytes[512], public[64], private[64] = {1, 2, 3, 4, 1, 2, 3, second_check}, text[BODY_MAX];
    size_t size = put_field(public, put_field(public, 0, "ssh-ed25519", 11), private, 32), at = 15;
    memcpy(bytes, "openssh-key-v1", 15);
    at = put_field(bytes, at, cipher, strlen(cipher));
    at = put_field(bytes, at, "none", 4);
    at = put_field(bytes, at, "", 0);
    memcpy(bytes + at, (unsigned char[]){0, 0, 0, 1}, 4);
    at = put_field(bytes, at + 4, public, size);
    at = put_field(bytes, at, private, sizeof private);
    EVP_EncodeBlock(text, bytes, (int)at);
    snprintf(out, PEM_MAX, "-----BEGIN %s-----\n%s\n-----END %s-----\n", "OPENSSH PRIVATE KEY", text,
             "OPENSSH PRIVATE KEY");
}

Test(check_pem, reads_openssh_keys)
{
    char pem[PEM_MAX];
    make_openssh("none", 4, pem);
    expect(pem, "Ed25519, not encrypted", false);
    make_openssh("aes256-ctr", 9, pem);
    expect(pem, "Ed25519, encrypted", true);
    make_openssh("none", 9, pem);
    cr_expect_eq(check(pem).validation, SILT_VALIDATION_INVALID, "the two check numbers differ");
    make_openssh("none", 4, pem);
    for (size_t size = 0; size < strlen(pem); size++)
        trial_check("pem-private-key", pem, size);
}

/* An RSA secret key packet with a modulus of 16 bits, then the usage octet. */
static void make_pgp(unsigned char usage, unsigned char specifier, const char *checksum, char out[PEM_MAX])
{
    const unsigned char packet[] = {0x95, 0,    18, 4, 0,    0,     0, 0,         1, 0,  16,
                                    0xff, 0xff, 0,  5, 0x11, usage, 9, specifier, 8, 'G'};
    unsigned char text[64];
    EVP_EncodeBlock(text, packet, sizeof packet);
    snprintf(out, PEM_MAX, "-----BEGIN %s-----\nVersion: x\n\n%s\n%s\n-----END %s-----\n",
             "PGP PRIVATE KEY BLOCK", (char *)text, checksum, "PGP PRIVATE KEY BLOCK");
}

Test(check_pem, reads_openpgp_keys)
{
    char pem[PEM_MAX];
    make_pgp(0, 0, "", pem);
    expect(pem, "OpenPGP RSA 16, not encrypted", false);
    make_pgp(254, 3, "", pem);
    expect(pem, "OpenPGP RSA 16, encrypted", true);
    make_pgp(254, 101, "", pem);
    cr_expect(check(pem).is_noise, "a stub without the private part");
    make_pgp(0, 0, "=AAAA", pem);
    cr_expect_str_eq(check(pem).detail, "the armour's CRC-24 is bad");
}

Test(check_pem, reads_putty_keys)
{
    static const char text[] = "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: k\r\n"
                               "Public-Lines: 1\r\nAAAA\r\nPrivate-Lines: 1\r\nAAAA\r\n";
    expect(text, "PuTTY ssh-ed25519, not encrypted", false);
    expect("PuTTY-User-Key-File-2: ssh-rsa\nEncryption: aes256-cbc\nComment: k\nPrivate-Lines: 1\nAAAA\n",
           "PuTTY ssh-rsa, encrypted", true);
    cr_expect_eq(check("PuTTY-User-Key-File-2: ssh-rsa\n").validation, SILT_VALIDATION_INVALID);
}

Test(check_pem, public_halves_are_no_secret)
{
    struct silt_ruling ruling = check("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\n-----END PUBLIC KEY-----\n");
    cr_expect(ruling.is_noise);
    cr_expect_eq(ruling.validation, SILT_VALIDATION_INVALID);
}
