/*
 * package_base64.c: see package_base64.h.
 */
#include "image/package_base64.h"

static int digit(uint8_t c)
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

bool silt_package_base64_decode(struct silt_span text, uint8_t *out, size_t size)
{
    uint32_t bits = 0;
    unsigned count = 0;
    size_t written = 0;
    while (text.size > 0 && text.data[text.size - 1] == '=')
        text.size--;
    if (text.size != (size * 8 + 5) / 6)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        int value = digit(text.data[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count < 8)
            continue;
        count -= 8;
        out[written++] = (uint8_t)(bits >> count);
    }
    return written == size;
}
