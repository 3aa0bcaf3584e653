/*
 * style.c: colour and weight of text on pages that have colour.
 */
#include "style.h"

#include "escape.h"

const char *const silt_style_severities[] = {"2", "36", "33", "31", "1;31"};

void silt_style_begin(const struct silt_page *page, const char *style)
{
    if (page->has_color)
        fprintf(page->file, "\033[%sm", style);
}

void silt_style_end(const struct silt_page *page)
{
    if (page->has_color)
        fputs("\033[0m", page->file);
}

void silt_style_print(const struct silt_page *page, const char *style, const char *text)
{
    silt_style_begin(page, style);
    silt_escape_print_text(page->file, text);
    silt_style_end(page);
}

const char *silt_style_plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}
