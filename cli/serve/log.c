/*
 * log.c: lines on standard error, escaped as everything that may come from outside.
 */
#include "serve/log.h"

#include "escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TEXT_MAX = 1000 };

void silt_log_print(const char *format, ...)
{
    char text[TEXT_MAX], *line = NULL;
    size_t size = 0;
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    FILE *out = open_memstream(&line, &size);
    if (out == NULL)
        return;
    fputs("silt: ", out);
    silt_escape_print_text(out, text);
    fputc('\n', out);
    bool is_made = fclose(out) == 0;
    if (!is_made || write(STDERR_FILENO, line, size) < 0) {
        /* nobody is left to be told */
    }
    free(line);
}
