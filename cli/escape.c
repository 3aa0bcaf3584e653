/*
 * escape.c: show hostile bytes on a terminal. All functions walk the text in units: one character of the
 * text, as it is or escaped. Nothing is allocated.
 */
#include "escape.h"

#include "utf8.h"

#include <string.h>

/* One character as it is shown. */
struct unit {
    char text[16];
    size_t columns;
};

/* Characters that show nothing or change the direction of what follows: bidi controls, zero-width characters,
 * line and paragraph separators, interlinear marks, tags, and what is no character (Unicode general
 * categories Cf, Zl, Zp and others).
 */
static bool is_invisible(uint32_t code)
{
    static const uint32_t ranges[][2] = {
        {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x0600, 0x0605}, {0x061C, 0x061C},
        {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},
        {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    return false;
}

/* East Asian Width W and F, in its big blocks. */
static bool is_wide(uint32_t code)
{
    return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
           (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
           (code >= 0x1F300 && code <= 0x1F64F) || (code >= 0x1F900 && code <= 0x1F9FF) ||
           (code >= 0x20000 && code <= 0x3FFFD);
}

static void escape_control(uint8_t byte, struct unit *unit)
{
    const char *letter = byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : byte == '\t' ? "\\t" : NULL;
    if (letter != NULL)
        snprintf(unit->text, sizeof unit->text, "%s", letter);
    else
        snprintf(unit->text, sizeof unit->text, "\\x%02x", byte);
    unit->columns = strlen(unit->text);
}

/* Takes the first character off a span that is not empty. Of broken bytes it takes one. */
static void take_unit(struct silt_span *text, struct unit *unit)
{
    uint32_t code;
    size_t size = silt_utf8_next(*text, &code);
    if (code == SILT_UTF8_INVALID || code < 0x20 || code == 0x7F) {
        escape_control(text->data[0], unit);
        size = 1;
    } else if ((code >= 0x80 && code <= 0x9F) || is_invisible(code)) {
        unit->columns = (size_t)snprintf(unit->text, sizeof unit->text, "\\u{%x}", (unsigned)code);
    } else {
        memcpy(unit->text, text->data, size);
        unit->text[size] = '\0';
        unit->columns = is_wide(code) ? 2 : 1;
    }
    text->data += size;
    text->size -= size;
}

void silt_escape_print(FILE *out, struct silt_span text)
{
    while (text.size > 0) {
        struct unit unit;
        take_unit(&text, &unit);
        fputs(unit.text, out);
    }
}

void silt_escape_print_text(FILE *out, const char *text)
{
    silt_escape_print(out, (struct silt_span){(const uint8_t *)text, text != NULL ? strlen(text) : 0});
}

static const char *find_entity(char letter)
{
    switch (letter) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void silt_escape_print_markup(FILE *out, struct silt_span text)
{
    while (text.size > 0) {
        struct unit unit;
        take_unit(&text, &unit);
        const char *entity = find_entity(unit.text[0]);
        fputs(entity != NULL ? entity : unit.text, out);
    }
}

void silt_escape_print_markup_text(FILE *out, const char *text)
{
    silt_escape_print_markup(out, (struct silt_span){(const uint8_t *)text, text != NULL ? strlen(text) : 0});
}

size_t silt_escape_columns(struct silt_span text)
{
    size_t columns = 0;
    while (text.size > 0) {
        struct unit unit;
        take_unit(&text, &unit);
        columns += unit.columns;
    }
    return columns;
}

/* Prints units while they fit; answers how many columns they took. */
static size_t print_while_fits(FILE *out, struct silt_span text, size_t columns)
{
    size_t used = 0;
    while (text.size > 0) {
        struct unit unit;
        take_unit(&text, &unit);
        if (unit.columns > columns - used)
            break;
        fputs(unit.text, out);
        used += unit.columns;
    }
    return used;
}

void silt_escape_print_start(FILE *out, struct silt_span text, size_t columns)
{
    if (silt_escape_columns(text) <= columns) {
        silt_escape_print(out, text);
        return;
    }
    print_while_fits(out, text, columns > 0 ? columns - 1 : 0);
    fputs("…", out);
}

void silt_escape_print_ends(FILE *out, struct silt_span text, size_t columns)
{
    size_t all = silt_escape_columns(text);
    if (all <= columns || columns < 8) {
        silt_escape_print_start(out, text, columns);
        return;
    }
    size_t head =
        print_while_fits(out, text, (columns - 1) / 3); /* the end of a path says more than its start */
    fputs("…", out);
    for (size_t left = all; left > columns - 1 - head && text.size > 0;) {
        struct unit unit;
        take_unit(&text, &unit);
        left -= unit.columns;
    }
    silt_escape_print(out, text);
}
