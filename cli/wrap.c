/*
 * wrap.c: running text in lines of a width.
 */
#include "wrap.h"

#include "escape.h"

#include <string.h>

void silt_wrap_space(FILE *out, size_t columns)
{
    fprintf(out, "%*s", (int)columns, "");
}

void silt_wrap_print(FILE *out, const char *text, size_t at, size_t indent, size_t width)
{
    bool is_line_start = true;
    while (*text != '\0') {
        size_t size = strcspn(text, " \n");
        struct silt_span word = {(const uint8_t *)text, size};
        size_t columns = silt_escape_columns(word);
        if (size > 0 && !is_line_start && at + 1 + columns > width) {
            fputc('\n', out);
            silt_wrap_space(out, indent);
            at = indent;
            is_line_start = true;
        }
        if (size > 0 && !is_line_start)
            at += (size_t)fprintf(out, " ");
        silt_escape_print(out, word);
        at += columns;
        is_line_start = is_line_start && size == 0;
        text += size;
        if (*text == '\n' && text[1] != '\0') {
            fputc('\n', out);
            silt_wrap_space(out, text[1] == '\n' ? 0 : indent);
            at = indent;
            is_line_start = true;
        }
        text += *text != '\0';
    }
    fputc('\n', out);
}
