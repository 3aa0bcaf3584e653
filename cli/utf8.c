/*
 * utf8.c: read UTF-8 that may be broken. Overlong forms, surrogates and what is above U+10FFFF are broken
 * too.
 */
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* How many bytes follow a lead byte, and in which range the first of them must lie; 0 for no lead byte. */
static unsigned find_trail(uint8_t lead, uint8_t *low, uint8_t *high)
{
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
}

size_t silt_utf8_next(struct silt_span text, uint32_t *code)
{
    uint8_t lead = text.data[0], low, high;
    *code = lead;
    if (lead < 0x80)
        return 1;
    unsigned trail = find_trail(lead, &low, &high);
    uint32_t value = trail == 1 ? lead & 0x1F : trail == 2 ? lead & 0x0F : lead & 0x07;
    *code = SILT_UTF8_INVALID;
    if (trail == 0)
        return 1;
    for (unsigned i = 1; i <= trail; i++) {
        if (i >= text.size || text.data[i] < low || text.data[i] > high)
            return i;
        value = value << 6 | (text.data[i] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *code = value;
    return trail + 1;
}

bool silt_utf8_is_valid(struct silt_span text)
{
    while (text.size > 0) {
        uint32_t code;
        size_t size = silt_utf8_next(text, &code);
        if (code == SILT_UTF8_INVALID)
            return false;
        text.data += size;
        text.size -= size;
    }
    return true;
}

char *silt_utf8_repair_new(struct silt_span text, size_t *size)
{
    if (text.size > SIZE_MAX / 3 - 1)
        return NULL;
    char *out = malloc(text.size * 3 + 1); /* a broken byte becomes three */
    if (out == NULL)
        return NULL;
    *size = 0;
    while (text.size > 0) {
        uint32_t code;
        size_t taken = silt_utf8_next(text, &code);
        bool is_broken = code == SILT_UTF8_INVALID;
        size_t put = is_broken ? 3 : taken;
        memcpy(out + *size, is_broken ? (const void *)"\xEF\xBF\xBD" : text.data, put);
        *size += put;
        text.data += taken;
        text.size -= taken;
    }
    out[*size] = '\0';
    return out;
}
