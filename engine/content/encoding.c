/*
 * encoding.c: is it UTF-16, and what is that in UTF-8.
 */
#include "content/encoding.h"

enum { SAMPLE_SIZE = 4096, UNITS_MIN = 4 };

/* What the units of a sample are, up to the first that decides against UTF-16: a zero or half a pair. */
struct census {
    size_t units, ascii, zeros, controls, halves;
};

static unsigned unit_at(enum silt_encoding encoding, const uint8_t *p)
{
    return encoding == SILT_ENCODING_UTF16LE ? p[0] | (unsigned)p[1] << 8 : (unsigned)p[0] << 8 | p[1];
}

static bool is_high(unsigned unit)
{
    return (unit & 0xfc00) == 0xd800;
}

static bool is_low(unsigned unit)
{
    return (unit & 0xfc00) == 0xdc00;
}

static bool is_ascii_text(unsigned unit)
{
    return (unit >= 0x20 && unit < 0x7f) || unit == '\t' || unit == '\n' || unit == '\r';
}

static void count_unit(struct census *census, unsigned unit)
{
    census->units++;
    if (is_ascii_text(unit))
        census->ascii++;
    else if (unit == 0)
        census->zeros++;
    else if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0))
        census->controls++;
}

static struct census take_census(enum silt_encoding encoding, struct silt_span sample)
{
    struct census census = {0};
    bool is_open = false; /* behind a high surrogate */
    for (size_t i = 0; i + 1 < sample.size && census.zeros + census.halves == 0; i += 2) {
        unsigned unit = unit_at(encoding, sample.data + i);
        if (is_open != is_low(unit))
            census.halves++;
        is_open = is_high(unit);
        count_unit(&census, unit);
    }
    return census;
}

/* Whether single bytes make better sense: no zero, and 19 of 20 are ASCII text. A mark must not hide such
 * content. */
static bool is_ascii_bytes(struct silt_span bytes)
{
    size_t ascii = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        if (bytes.data[i] == 0)
            return false;
        ascii += is_ascii_text(bytes.data[i]);
    }
    return ascii * 20 >= bytes.size * 19;
}

/* ASCII text in UTF-16 has a zero in each unit, most other content none at all: looking for one costs a
 * hundredth of counting. */
static bool is_utf16(enum silt_encoding encoding, struct silt_span sample)
{
    if (memchr(sample.data, 0, sample.size) == NULL)
        return false;
    struct census census = take_census(encoding, sample);
    return census.units >= UNITS_MIN && census.ascii * 2 >= census.units && census.zeros == 0 &&
           census.controls == 0 && census.halves == 0;
}

static bool is_utf16_as_marked(enum silt_encoding encoding, struct silt_span sample)
{
    struct census census = take_census(encoding, sample);
    return census.zeros == 0 && census.halves == 0 && !is_ascii_bytes(sample);
}

enum silt_encoding silt_encoding_detect(struct silt_span head, size_t *mark_size)
{
    struct silt_span sample = silt_span_slice(head, 0, SAMPLE_SIZE);
    struct silt_span behind = silt_span_slice(sample, 2, sample.size);
    *mark_size = 2;
    if (silt_span_has_prefix(head, "\xff\xfe") && is_utf16_as_marked(SILT_ENCODING_UTF16LE, behind))
        return SILT_ENCODING_UTF16LE;
    if (silt_span_has_prefix(head, "\xfe\xff") && is_utf16_as_marked(SILT_ENCODING_UTF16BE, behind))
        return SILT_ENCODING_UTF16BE;
    *mark_size = 0;
    if (is_utf16(SILT_ENCODING_UTF16LE, sample))
        return SILT_ENCODING_UTF16LE;
    return is_utf16(SILT_ENCODING_UTF16BE, sample) ? SILT_ENCODING_UTF16BE : SILT_ENCODING_BYTES;
}

/* RFC 3629, 3. */
static size_t put_utf8(uint32_t c, uint8_t *out)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (uint8_t)(lead[size] | c);
    return size;
}

enum { REPLACEMENT = 0xfffd };

/* One character; answers how many bytes it took, 0 if `in` (not empty) is too short to tell. */
static size_t take_character(enum silt_encoding encoding, struct silt_span in, bool is_last, uint32_t *c)
{
    *c = REPLACEMENT;
    if (in.size < 2)
        return is_last ? in.size : 0;
    unsigned unit = unit_at(encoding, in.data);
    if (is_high(unit)) {
        if (in.size < 4)
            return is_last ? 2 : 0;
        unsigned next = unit_at(encoding, in.data + 2);
        if (!is_low(next))
            return 2;
        *c = 0x10000 + ((unit & 0x3ff) << 10 | (next & 0x3ff));
        return 4;
    }
    if (!is_low(unit))
        *c = unit;
    return 2;
}

size_t silt_encoding_decode(enum silt_encoding encoding, struct silt_span in, bool is_last, uint8_t *out,
                            size_t room, size_t *used)
{
    size_t at = 0, made = 0;
    while (at < in.size && room - made >= SILT_ENCODING_CHARACTER_MAX) {
        uint32_t c;
        size_t size = take_character(encoding, silt_span_slice(in, at, in.size), is_last, &c);
        if (size == 0)
            break;
        at += size;
        made += put_utf8(c, out + made);
    }
    *used = at;
    return made;
}

uint64_t silt_encoding_raw_size(struct silt_span decoded)
{
    uint64_t size = 0;
    for (size_t i = 0; i < decoded.size; i++) {
        bool is_begin = (decoded.data[i] & 0xc0) != 0x80;
        size += is_begin ? (decoded.data[i] >= 0xf0 ? 4 : 2) : 0;
    }
    return size;
}
