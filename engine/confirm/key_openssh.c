/*
 * key_openssh.c: openssh-key-v1 (OpenSSH, PROTOCOL.key): magic, cipher, kdf, kdf options, number of keys,
 * public keys, the private part. In an unencrypted key the private part begins with one random number twice.
 */
#include "confirm/key.h"

#include <stdio.h>

enum { CHECK_SIZE = 8, FIELD_MAX = 12 * 1024 };

/* Takes a 32-bit big-endian number; false if there are no four bytes. */
static bool take_number(struct silt_span *rest, uint32_t *out)
{
    if (rest->size < 4)
        return false;
    *out = (uint32_t)rest->data[0] << 24 | (uint32_t)rest->data[1] << 16 | (uint32_t)rest->data[2] << 8 |
           rest->data[3];
    *rest = silt_span_slice(*rest, 4, rest->size);
    return true;
}

static bool take_string(struct silt_span *rest, struct silt_span *out)
{
    uint32_t size;
    if (!take_number(rest, &size) || size > FIELD_MAX || size > rest->size)
        return false;
    *out = silt_span_slice(*rest, 0, size);
    *rest = silt_span_slice(*rest, size, rest->size);
    return true;
}

static unsigned bits_of(struct silt_span number)
{
    while (number.size > 0 && number.data[0] == 0)
        number = silt_span_slice(number, 1, number.size);
    unsigned bits = (unsigned)number.size * 8;
    for (uint8_t top = number.size > 0 ? number.data[0] : 0x80; bits > 0 && (top & 0x80) == 0;
         top = (uint8_t)(top << 1))
        bits--;
    return bits;
}

/* Names the key by its public half (RFC 4253, section 6.6; RFC 5656; RFC 8709). */
static bool describe(struct silt_span public, struct silt_key *out)
{
    struct silt_span type, exponent, modulus;
    if (!take_string(&public, &type))
        return false;
    if (silt_span_is_text(type, "ssh-rsa") && take_string(&public, &exponent) &&
        take_string(&public, &modulus))
        snprintf(out->kind, sizeof out->kind, "RSA %u", bits_of(modulus));
    else if (silt_span_is_text(type, "ssh-ed25519"))
        snprintf(out->kind, sizeof out->kind, "Ed25519");
    else if (silt_span_is_text(type, "ssh-dss"))
        snprintf(out->kind, sizeof out->kind, "DSA");
    else if (silt_span_has_prefix(type, "ecdsa-sha2-nistp"))
        snprintf(out->kind, sizeof out->kind, "EC %.*s", (int)(type.size - 16), (const char *)type.data + 16);
    else
        snprintf(out->kind, sizeof out->kind, "%.*s", type.size < 40 ? (int)type.size : 40,
                 (const char *)type.data);
    return type.size > 0;
}

bool silt_key_openssh_read(struct silt_span bytes, struct silt_key *out)
{
    static const char magic[] = "openssh-key-v1"; /* its NUL belongs to it */
    struct silt_span rest, cipher, kdf, options, public, private;
    uint32_t count;
    memset(out, 0, sizeof *out);
    if (bytes.size < sizeof magic || memcmp(bytes.data, magic, sizeof magic) != 0)
        return false;
    rest = silt_span_slice(bytes, sizeof magic, bytes.size);
    if (!take_string(&rest, &cipher) || !take_string(&rest, &kdf) || !take_string(&rest, &options) ||
        !take_number(&rest, &count) || count != 1 || !take_string(&rest, &public) ||
        !take_string(&rest, &private))
        return false;
    silt_key_public_blob(public, out);
    out->is_encrypted = !silt_span_is_text(cipher, "none");
    bool has_checks = private.size >= CHECK_SIZE && memcmp(private.data, private.data + 4, 4) == 0;
    return describe(public, out) && (out->is_encrypted ? private.size >= CHECK_SIZE : has_checks);
}
