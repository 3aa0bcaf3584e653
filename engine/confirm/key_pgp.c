/*
 * key_pgp.c: OpenPGP secret key packets (RFC 4880, sections 4.2, 5.5.2 and 5.5.3; GnuPG's stubs:
 * doc/DETAILS).
 */
#include "confirm/key.h"

#include <stdio.h>

enum { TAG_SECRET_KEY = 5, TAG_SECRET_SUBKEY = 7, S2K_GNU = 101 };

/* Answers the packet's body; an empty span if there is none. */
static struct silt_span open_packet(struct silt_span bytes, unsigned *tag)
{
    size_t at = 1, size;
    if (bytes.size < 3 || (bytes.data[0] & 0x80) == 0)
        return (struct silt_span){0};
    if ((bytes.data[0] & 0x40) == 0) { /* the old form: the length has 1, 2 or 4 bytes */
        size_t count = (size_t)1 << (bytes.data[0] & 3);
        *tag = bytes.data[0] >> 2 & 15;
        if (count > 4 || bytes.size < 1 + count)
            return (struct silt_span){0};
        for (size = 0; count > 0; count--)
            size = size << 8 | bytes.data[at++];
        return silt_span_slice(bytes, at, size);
    }
    *tag = bytes.data[0] & 63;
    size = bytes.data[at++];
    if (size >= 192 && size < 224)
        size = ((size - 192) << 8) + bytes.data[at++] + 192;
    else if (size == 255 && bytes.size > 6) {
        size = (size_t)bytes.data[2] << 24 | (size_t)bytes.data[3] << 16 | (size_t)bytes.data[4] << 8 |
               bytes.data[5];
        at = 6;
    } else if (size >= 224)
        return (struct silt_span){0};
    return silt_span_slice(bytes, at, size);
}

/* Skips a multi-precision integer; answers its bits, 0 if it does not fit. */
static unsigned skip_number(struct silt_span *rest)
{
    if (rest->size < 2)
        return 0;
    unsigned bits = (unsigned)rest->data[0] << 8 | rest->data[1];
    size_t size = 2 + (bits + 7) / 8;
    if (size > rest->size)
        return 0;
    *rest = silt_span_slice(*rest, size, rest->size);
    return bits;
}

/* Skips a curve's name and the point; ECDH has a field of parameters behind. */
static bool skip_curve(struct silt_span *rest, bool has_parameters)
{
    if (rest->size < 1 || rest->size <= rest->data[0])
        return false;
    *rest = silt_span_slice(*rest, 1u + rest->data[0], rest->size);
    if (skip_number(rest) == 0)
        return false;
    if (!has_parameters)
        return true;
    if (rest->size < 1 || rest->size <= rest->data[0])
        return false;
    *rest = silt_span_slice(*rest, 1u + rest->data[0], rest->size);
    return true;
}

/* Skips the public fields of an algorithm (RFC 4880, section 9.1; RFC 6637) and names it. */
static bool skip_public(unsigned algorithm, struct silt_span *rest, struct silt_key *out)
{
    unsigned bits = 0, count = 0;
    switch (algorithm) {
    case 1:
    case 2:
    case 3:
        count = 2;
        break;
    case 16:
        count = 3;
        break;
    case 17:
        count = 4;
        break;
    case 18:
    case 19:
    case 22:
        snprintf(out->kind, sizeof out->kind, "OpenPGP %s", algorithm == 22 ? "EdDSA" : "EC");
        return skip_curve(rest, algorithm == 18);
    default:
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        unsigned size = skip_number(rest);
        if (size == 0)
            return false;
        bits = i == 0 ? size : bits;
    }
    snprintf(out->kind, sizeof out->kind, "OpenPGP %s %u",
             count == 2   ? "RSA"
             : count == 3 ? "ElGamal"
                          : "DSA",
             bits);
    return true;
}

bool silt_key_pgp_read(struct silt_span bytes, struct silt_key *out)
{
    enum { HEADER_V4 = 6, VERSION = 4 };
    unsigned tag = 0;
    memset(out, 0, sizeof *out);
    struct silt_span body = open_packet(bytes, &tag);
    if ((tag != TAG_SECRET_KEY && tag != TAG_SECRET_SUBKEY) || body.size <= HEADER_V4 ||
        body.data[0] != VERSION)
        return false;
    struct silt_span rest = silt_span_slice(body, HEADER_V4, body.size);
    if (!skip_public(body.data[5], &rest, out) || rest.size < 1)
        return false;
    uint8_t usage = rest.data[0];
    out->is_encrypted = usage != 0;
    bool has_specifier = (usage == 254 || usage == 255) && rest.size >= 3;
    out->is_absent = has_specifier && rest.data[2] == S2K_GNU;
    return true;
}
