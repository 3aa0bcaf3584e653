/*
 * check_pem.c: private keys between BEGIN and END lines (RFC 7468), in armour (RFC 4880, section 6.2), of
 * PuTTY, and the same once more in base64.
 *
 * Keys stand in source code, YAML, JSON and environment variables, so the text between the lines may hold
 * quotes, backslash escapes, indentation, comment signs and plus signs of string concatenation. A line is
 * cleaned by taking only the pieces that are base64; a piece that is nothing but `+` or `/` is code.
 */
#include "confirm/check.h"
#include "confirm/crc.h"
#include "confirm/key.h"
#include "confirm/radix.h"

#include <ctype.h>

enum { TEXT_MAX = 24 * 1024 };

/* Room for the text with its escapes undone, and for the decoded bytes: each is done with before the next
 * begins. */
struct workspace {
    uint8_t text[TEXT_MAX];
    uint8_t body[TEXT_MAX];
};

struct armour {
    struct silt_span label;  /* "RSA PRIVATE KEY" */
    struct silt_span inside; /* between the lines */
    bool has_end;
};

static size_t unescape(struct silt_span text, uint8_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size && count < TEXT_MAX; i++) {
        uint8_t c = text.data[i];
        if (c == '\\' && i + 1 < text.size) {
            uint8_t next = text.data[i + 1];
            if (next == '\\')
                continue; /* escaped twice: the second backslash begins the escape */
            i++;
            c = next == 'n' || next == 'r' || next == 't' ? '\n'
                : next == '\n'                            ? '\n'
                : next == '/'                             ? '/'
                                                          : ' ';
        }
        out[count++] = c == '\r' ? '\n' : c;
    }
    return count;
}

static const uint8_t *find(struct silt_span text, const char *word)
{
    return text.size > 0 ? memmem(text.data, text.size, word, strlen(word)) : NULL;
}

static bool find_armour(struct silt_span text, struct armour *out)
{
    static const char begin[] = "-----BEGIN ", dashes[] = "-----", end[] = "-----END ";
    const uint8_t *at = find(text, begin);
    if (at == NULL)
        return false;
    struct silt_span rest = silt_span_slice(text, (size_t)(at - text.data) + strlen(begin), text.size);
    const uint8_t *stop = find(rest, dashes);
    if (stop == NULL)
        return false;
    out->label = silt_span_slice(rest, 0, (size_t)(stop - rest.data));
    rest = silt_span_slice(rest, out->label.size + strlen(dashes), rest.size);
    stop = find(rest, end);
    out->has_end = stop != NULL;
    out->inside = silt_span_slice(rest, 0, stop != NULL ? (size_t)(stop - rest.data) : rest.size);
    return true;
}

static bool is_base64(uint8_t c)
{
    return isalnum(c) || c == '+' || c == '/' || c == '=';
}

/* Appends the base64 of one line. A line with a colon is a header (RFC 1421 "Proc-Type", armour "Version"). A
 * piece that begins with = is armour's checksum. */
static size_t take_line(struct silt_span line, uint8_t *out, size_t count, struct silt_span *checksum)
{
    const uint8_t *colon = memchr(line.data, ':', line.size);
    if (colon != NULL && colon > line.data && isalpha(colon[-1]))
        return count;
    for (size_t i = 0; i < line.size;) {
        size_t start = i;
        while (i < line.size && is_base64(line.data[i]))
            i++;
        struct silt_span piece = silt_span_slice(line, start, i - start);
        i += i == start;
        if (piece.size == 0 || silt_radix_is_all(piece, "+/"))
            continue;
        if (piece.data[0] == '=' && piece.size == 5) {
            *checksum = silt_span_slice(piece, 1, 4);
            continue;
        }
        if (count + piece.size > TEXT_MAX)
            return count;
        memcpy(out + count, piece.data, piece.size);
        count += piece.size;
    }
    return count;
}

static size_t take_body(struct silt_span inside, uint8_t *out, struct silt_span *checksum)
{
    size_t count = 0;
    while (inside.size > 0) {
        const uint8_t *stop = memchr(inside.data, '\n', inside.size);
        size_t size = stop != NULL ? (size_t)(stop - inside.data) : inside.size;
        count = take_line(silt_span_slice(inside, 0, size), out, count, checksum);
        inside = silt_span_slice(inside, size + 1, inside.size);
    }
    return silt_radix_decode64(silt_span_of(out, count), out, TEXT_MAX);
}

static void rule_key(bool fits, const struct silt_key *key, struct silt_ruling *out)
{
    if (!fits) {
        silt_check_rule(out, false, "does not parse as a private key");
        return;
    }
    if (key->is_absent) {
        out->is_noise = true;
        silt_check_rule(out, false, "the private part is not there");
        return;
    }
    out->is_protected = key->is_encrypted;
    silt_check_rule(out, true, "%s, %s%s%s", key->kind, key->is_encrypted ? "encrypted" : "not encrypted",
                    key->fingerprint[0] != '\0' ? ", public half " : "", key->fingerprint);
}

static bool checksum_fits(struct silt_span body, struct silt_span checksum)
{
    uint8_t bytes[3];
    if (checksum.size == 0)
        return true; /* RFC 9580, section 6.1: it may be left out */
    return silt_radix_decode64(checksum, bytes, sizeof bytes) == sizeof bytes &&
           silt_crc_24(body) == ((uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2]);
}

/* Keys sealed in the old way (RFC 1421 headers) do not parse before they are opened. */
static bool is_sealed(struct silt_span inside)
{
    return find(inside, "Proc-Type: 4,ENCRYPTED") != NULL || find(inside, "Proc-Type:4,ENCRYPTED") != NULL;
}

static void rule_body(const struct armour *armour, struct silt_span body, struct silt_span checksum,
                      struct silt_ruling *out)
{
    struct silt_key key = {.kind = ""};
    if (silt_span_has_prefix(armour->label, "OPENSSH")) {
        rule_key(silt_key_openssh_read(body, &key), &key, out);
        return;
    }
    if (!silt_span_has_prefix(armour->label, "PGP")) {
        rule_key(silt_key_der_read(body, &key), &key, out);
        return;
    }
    if (checksum_fits(body, checksum))
        rule_key(silt_key_pgp_read(body, &key), &key, out);
    else
        silt_check_rule(out, false, "the armour's CRC-24 is bad");
}

static void rule_armour(const struct armour *armour, struct workspace *space, struct silt_ruling *out)
{
    enum { BLOCK = 8, LABEL_SHOWN = 40 };
    struct silt_span checksum = {0};
    size_t size = take_body(armour->inside, space->body, &checksum);
    if (find(armour->label, "PRIVATE KEY") == NULL) {
        out->is_noise =
            find(armour->label, "PUBLIC KEY") != NULL || find(armour->label, "CERTIFICATE") != NULL;
        silt_check_rule(out, false, "no private key");
    } else if (size == SILT_RADIX_BAD || size == 0) {
        silt_check_rule(out, false, "not base64%s", armour->has_end ? "" : ", and cut off");
    } else if (is_sealed(armour->inside)) {
        out->is_protected = true;
        silt_check_rule(out, size % BLOCK == 0, "%.*s, encrypted",
                        armour->label.size < LABEL_SHOWN ? (int)armour->label.size : LABEL_SHOWN,
                        (const char *)armour->label.data);
    } else if (silt_span_has_prefix(armour->label, "ENCRYPTED ") &&
               !silt_span_is_text(armour->label, "ENCRYPTED PRIVATE KEY")) {
        out->is_protected = true; /* Sigstore, cosign: JSON, or a form of their own */
        silt_check_note(out, "%.*s", armour->label.size < LABEL_SHOWN ? (int)armour->label.size : LABEL_SHOWN,
                        (const char *)armour->label.data);
    } else {
        rule_body(armour, silt_span_of(space->body, size), checksum, out);
    }
}

static void rule_text(struct silt_span text, struct workspace *space, struct silt_ruling *out)
{
    struct silt_key key;
    struct armour armour;
    if (silt_span_has_prefix(text, "PuTTY-User-Key-File-"))
        rule_key(silt_key_putty_read(text, &key), &key, out);
    else if (find_armour(text, &armour))
        rule_armour(&armour, space, out);
    else
        silt_check_rule(out, false, "no BEGIN line");
}

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct workspace space;
    struct silt_span text = claim->secret;
    if (silt_span_has_prefix(text, "LS0tLS1CRUdJTi")) {
        size_t size = silt_radix_squeeze(text, space.body, sizeof space.body);
        size = silt_radix_decode64(silt_span_of(space.body, size), space.body, sizeof space.body);
        text = silt_span_of(space.body, size != SILT_RADIX_BAD ? size : 0);
    }
    size_t size = unescape(text, space.text);
    rule_text(silt_span_of(space.text, size), &space, out);
    explicit_bzero(&space, sizeof space);
}

const struct silt_check silt_check_pem_private_key = {"pem-private-key", SILT_CHECK_PROOF, run};
