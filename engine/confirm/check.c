/*
 * check.c: the table of validators, and how they write their rulings.
 */
#include "confirm/check.h"

#include <stdarg.h>
#include <stdio.h>

#define SILT_CHECK(name) extern const struct silt_check silt_check_##name;
#include "confirm/checks.def"
#undef SILT_CHECK

static const struct silt_check *const checks[] = {
#define SILT_CHECK(name) &silt_check_##name,
#include "confirm/checks.def"
#undef SILT_CHECK
};

enum { CHECK_COUNT = sizeof checks / sizeof checks[0] };

const struct silt_check *silt_check_find(const char *name)
{
    for (size_t i = 0; i < CHECK_COUNT; i++)
        if (strcmp(checks[i]->name, name) == 0)
            return checks[i];
    return NULL;
}

const struct silt_check *silt_check_at(size_t index)
{
    return index < CHECK_COUNT ? checks[index] : NULL;
}

static void write_detail(struct silt_ruling *out, const char *format, va_list arguments)
{
    vsnprintf(out->detail, sizeof out->detail, format, arguments);
    for (char *c = out->detail; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

void silt_check_rule(struct silt_ruling *out, bool is_valid, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    out->validation = is_valid ? SILT_VALIDATION_VALID : SILT_VALIDATION_INVALID;
    write_detail(out, format, arguments);
    va_end(arguments);
}

void silt_check_note(struct silt_ruling *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_detail(out, format, arguments);
    va_end(arguments);
}
