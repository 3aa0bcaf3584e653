/*
 * units.c: sizes and durations as people write and read them. Sizes follow docker's --memory: K is 1024.
 */
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Reads the digits at *text and moves behind them. */
static bool take_number(const char **text, uint64_t *number)
{
    const char *at = *text;
    uint64_t value = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *at - '0', &value))
            return false;
    if (at == *text)
        return false;
    *text = at;
    *number = value;
    return true;
}

bool silt_units_parse_size(const char *text, uint64_t *bytes)
{
    static const char letters[] = "KMGT";
    *bytes = 0;
    if (strcmp(text, "none") == 0)
        return true;
    if (!take_number(&text, bytes))
        return false;
    if (*text == '\0' || strcmp(text, "B") == 0)
        return true;
    const char *letter = strchr(letters, *text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
    if (letter == NULL)
        return false;
    text++;
    if (*text != '\0' && strcasecmp(text, "b") != 0 && strcasecmp(text, "ib") != 0)
        return false;
    return !__builtin_mul_overflow(*bytes, UINT64_C(1) << (10 * (letter - letters + 1)), bytes);
}

/* Reads a unit of time at *text and moves behind it; 0 if there is none. */
static uint64_t take_time_unit(const char **text)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i].name);
        if (strncmp(*text, units[i].name, size) == 0) {
            *text += size;
            return units[i].ms;
        }
    }
    return 0;
}

bool silt_units_parse_duration(const char *text, uint64_t *ms)
{
    *ms = 0;
    if (strcmp(text, "none") == 0)
        return true;
    do {
        uint64_t number;
        if (!take_number(&text, &number))
            return false;
        uint64_t unit = *text == '\0' && *ms == 0 ? 1000 : take_time_unit(&text);
        if (unit == 0 || __builtin_mul_overflow(number, unit, &number) ||
            __builtin_add_overflow(*ms, number, ms))
            return false;
    } while (*text != '\0');
    return true;
}

const char *silt_units_print_size(uint64_t bytes, char out[SILT_UNITS_TEXT_SIZE])
{
    static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    unsigned step = 0;
    double value = (double)bytes;
    for (; value >= 1023.95 && step < 6; step++)
        value /= 1024;
    int digits = step > 0 && value < 99.95 ? 1 : 0;
    snprintf(out, SILT_UNITS_TEXT_SIZE, "%.*f %s", digits, value, names[step]);
    return out;
}

const char *silt_units_print_duration(uint64_t ms, char out[SILT_UNITS_TEXT_SIZE])
{
    uint64_t seconds = ms / 1000;
    if (ms < 1000)
        snprintf(out, SILT_UNITS_TEXT_SIZE, "%" PRIu64 " ms", ms);
    else if (ms < 60 * 1000)
        snprintf(out, SILT_UNITS_TEXT_SIZE, "%" PRIu64 ".%" PRIu64 " s", seconds, ms % 1000 / 100);
    else
        snprintf(out, SILT_UNITS_TEXT_SIZE, "%" PRIu64 " m %02" PRIu64 " s", seconds / 60, seconds % 60);
    return out;
}

const char *silt_units_print_count(uint64_t count, char out[SILT_UNITS_TEXT_SIZE])
{
    char digits[SILT_UNITS_TEXT_SIZE];
    int size = snprintf(digits, sizeof digits, "%" PRIu64, count);
    char *to = out;
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}
