/*
 * encoding.c: UTF-16 in both orders.
 */
#include "content/encoding.h"

static bool is_text_byte(uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\r' || byte == '\t';
}

/* Whether the pairs of head have text at `text` (0 or 1) and zeros at the other place. */
static bool looks_like_pairs(struct silt_span head, size_t text)
{
    size_t pairs = head.size / 2, zeros = 0, printable = 0;
    for (size_t i = 0; i < pairs; i++) {
        uint8_t letter = head.data[2 * i + text], other = head.data[2 * i + 1 - text];
        zeros += other == 0;
        printable += is_text_byte(letter);
        if (letter == 0 && other == 0)
            return false;
    }
    return zeros * 10 >= pairs * 9 && printable * 10 >= pairs * 9;
}

enum silt_encoding silt_encoding_guess(struct silt_span head)
{
    enum { PAIRS_MIN = 16, LOOK_MAX = 4096 };
    if (head.size >= 2 && head.data[0] == 0xff && head.data[1] == 0xfe)
        return SILT_ENCODING_UTF16LE;
    if (head.size >= 2 && head.data[0] == 0xfe && head.data[1] == 0xff)
        return SILT_ENCODING_UTF16BE;
    head = silt_span_slice(head, 0, LOOK_MAX);
    if (head.size < 2 * PAIRS_MIN)
        return SILT_ENCODING_BYTES;
    if (looks_like_pairs(head, 0))
        return SILT_ENCODING_UTF16LE;
    return looks_like_pairs(head, 1) ? SILT_ENCODING_UTF16BE : SILT_ENCODING_BYTES;
}

static uint32_t unit_at(enum silt_encoding encoding, const uint8_t *p)
{
    return encoding == SILT_ENCODING_UTF16LE ? (uint32_t)(p[0] | p[1] << 8) : (uint32_t)(p[1] | p[0] << 8);
}

static size_t put_utf8(uint32_t c, uint8_t *out)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
        out[2] = (uint8_t)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 63));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 63));
    out[3] = (uint8_t)(0x80 | (c & 63));
    return 4;
}

/* The character at p and the bytes it takes; 0 bytes if more input is needed. */
static uint32_t next_character(enum silt_encoding encoding, const uint8_t *p, size_t left, bool is_end, size_t *used)
{
    uint32_t unit = unit_at(encoding, p);
    *used = 2;
    if (unit < 0xd800 || unit > 0xdfff)
        return unit;
    if (unit < 0xdc00 && left < 4 && !is_end) {
        *used = 0;
        return 0;
    }
    uint32_t low = unit < 0xdc00 && left >= 4 ? unit_at(encoding, p + 2) : 0;
    if (low < 0xdc00 || low > 0xdfff)
        return 0xfffd;
    *used = 4;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

void silt_encoding_decode(enum silt_encoding encoding, struct silt_span in, bool is_end, struct silt_span out,
                          size_t *in_used, size_t *out_used)
{
    uint8_t *to = (uint8_t *)(uintptr_t)out.data;
    *in_used = *out_used = 0;
    while (in.size - *in_used >= 2 && out.size - *out_used >= 4) {
        size_t used;
        uint32_t c = next_character(encoding, in.data + *in_used, in.size - *in_used, is_end, &used);
        if (used == 0)
            break;
        *in_used += used;
        *out_used += put_utf8(c, to + *out_used);
    }
}

uint64_t silt_encoding_raw_size(struct silt_span decoded)
{
    uint64_t units = 0;
    for (size_t i = 0; i < decoded.size; i++) {
        uint8_t byte = decoded.data[i];
        units += (byte & 0xc0) != 0x80;
        units += byte >= 0xf0;
    }
    return units * 2;
}
