/*
 * escape_test.c: what reaches a terminal.
 */
#include "escape.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Prints into memory; columns 0: all of it; positive: the start; negative: both ends. The caller frees it. */
static char *print(struct silt_span text, int columns)
{
    char *out = NULL;
    size_t size;
    FILE *memory = open_memstream(&out, &size);
    if (columns == 0)
        silt_escape_print(memory, text);
    else if (columns > 0)
        silt_escape_print_start(memory, text, (size_t)columns);
    else
        silt_escape_print_ends(memory, text, (size_t)-columns);
    fclose(memory);
    return out;
}

static void check(struct silt_span text, int columns, const char *expected)
{
    char *out = print(text, columns);
    cr_expect_str_eq(out, expected);
    free(out);
}

#define SPAN(text) ((struct silt_span){(const uint8_t *)(text), sizeof(text) - 1})

Test(escape, shows_what_is_not_safe)
{
    check(SPAN("caf\xc3\xa9 \xe6\x96\x87"), 0, "caf\xc3\xa9 \xe6\x96\x87");
    check(SPAN("\033[2J\a\b\0\x7f"), 0, "\\x1b[2J\\x07\\x08\\x00\\x7f");
    check(SPAN("a\n\r\tb"), 0, "a\\n\\r\\tb");
    check(SPAN("\xc2\x9b\x33\x31m"), 0, "\\u{9b}31m");
    check(SPAN("a\xe2\x80\xae\x62\xe2\x81\xa6\xef\xbb\xbf\xf3\xa0\x81\xa1"), 0,
          "a\\u{202e}b\\u{2066}\\u{feff}\\u{e0061}");
    check(SPAN("\xff\xc3\x28\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80"), 0,
          "\\xff\\xc3(\\xc0\\x80\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80");
    check(SPAN("cut \xe6\x96"), 0, "cut \\xe6\\x96");
}

Test(escape, cuts_between_characters)
{
    check(SPAN("abcdef"), 6, "abcdef");
    check(SPAN("abcdef"), 4, "abc\xe2\x80\xa6");
    check(SPAN("ab\033cd"), 5, "ab\xe2\x80\xa6");
    check(SPAN("\xe6\x96\x87\xe6\x96\x87\xe6\x96\x87"), 4, "\xe6\x96\x87\xe2\x80\xa6");
    check(SPAN("usr/share/doc/package/examples/config.yml"), -20,
          "usr/sh\xe2\x80\xa6"
          "es/config.yml");
    check(SPAN("short"), -20, "short");
}

/* No cut, whatever the width, is wider than asked for or shows a raw byte. */
Test(escape, never_grows_wider_than_asked)
{
    static const char text[] =
        "a/\033]0;x\007/\xe6\x96\x87/\xff/\xe2\x80\xae/file.txt and a long end of it all";
    for (int columns = 1; columns < 90; columns++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            char *out = print(SPAN(text), sign * columns);
            size_t used = silt_escape_columns((struct silt_span){(const uint8_t *)out, strlen(out)});
            cr_expect_leq(used, (size_t)columns, "%d columns: %s", sign * columns, out);
            free(out);
        }
    }
}

Test(escape, leaves_only_text_in_markup)
{
    char *out = NULL;
    size_t size;
    FILE *memory = open_memstream(&out, &size);
    silt_escape_print_markup(memory, SPAN("<a b=\"c\" d='e'>&amp;]]>\033\xff\xef\xbf\xbf\xe2\x80\xae"));
    fclose(memory);
    cr_expect_str_eq(out,
                     "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;]]&gt;\\x1b\\xff\\u{ffff}\\u{202e}");
    free(out);
}
