/*
 * radix.c: digits of many alphabets. Short inputs: clarity before speed.
 */
#include "confirm/radix.h"

void silt_radix_print(uint64_t number, const char *digits, size_t width, char *out)
{
    size_t base = strlen(digits);
    for (size_t i = width; i > 0; i--) {
        out[i - 1] = digits[number % base];
        number /= base;
    }
}

bool silt_radix_is_all(struct silt_span text, const char *set)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '\0' || strchr(set, text.data[i]) == NULL)
            return false;
    return text.size > 0;
}

bool silt_radix_is_alnum(struct silt_span text)
{
    return silt_radix_is_all(text, SILT_RADIX_62_UPPER_FIRST);
}

bool silt_radix_is_digits(struct silt_span text)
{
    return silt_radix_is_all(text, "0123456789");
}

bool silt_radix_is_hex(struct silt_span text)
{
    return silt_radix_is_all(text, "0123456789abcdefABCDEF");
}

static int value64(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

static int value32(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* Gathers digits of `width` bits into bytes. */
static size_t decode(struct silt_span text, int (*value)(uint8_t), unsigned width, uint8_t *out, size_t size)
{
    size_t count = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = value(text.data[i]);
        if (digit < 0)
            return SILT_RADIX_BAD;
        bits = bits << width | (uint32_t)digit;
        held += width;
        if (held < 8)
            continue;
        held -= 8;
        if (count == size)
            return SILT_RADIX_BAD;
        out[count++] = (uint8_t)(bits >> held);
    }
    return count;
}

size_t silt_radix_decode64(struct silt_span text, uint8_t *out, size_t size)
{
    size_t padding = 0;
    while (padding < 2 && text.size > 0 && text.data[text.size - 1] == '=') {
        text.size--;
        padding++;
    }
    if (text.size % 4 == 1 || (padding > 0 && (text.size + padding) % 4 != 0))
        return SILT_RADIX_BAD;
    return decode(text, value64, 6, out, size);
}

size_t silt_radix_squeeze(struct silt_span text, uint8_t *out, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size && count < size; i++) {
        uint8_t c = text.data[i];
        bool is_escape = c == '\\' && i + 1 < text.size && strchr("nrt", text.data[i + 1]) != NULL;
        if (is_escape)
            i++;
        else if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            out[count++] = c;
    }
    return count;
}

size_t silt_radix_decode32(struct silt_span text, uint8_t *out, size_t size)
{
    return decode(text, value32, 5, out, size);
}
