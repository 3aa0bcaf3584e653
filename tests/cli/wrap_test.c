/*
 * wrap_test.c: running text in lines.
 */
#include "wrap.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void check(const char *text, size_t at, size_t indent, size_t width, const char *expected)
{
    char *out = NULL;
    size_t size;
    FILE *memory = open_memstream(&out, &size);
    silt_wrap_print(memory, text, at, indent, width);
    fclose(memory);
    cr_expect_str_eq(out, expected);
    free(out);
}

Test(wrap, breaks_between_words)
{
    check("", 0, 0, 10, "\n");
    check("one two three", 0, 2, 8, "one two\n  three\n");
    check("one two three", 4, 2, 8, "one\n  two\n  three\n");
    check("averyveryverylongword x", 0, 2, 8, "averyveryverylongword\n  x\n");
    check("caf\xc3\xa9 caf\xc3\xa9", 0, 0, 9, "caf\xc3\xa9 caf\xc3\xa9\n");
    check("a  b ", 0, 0, 10, "a b\n");
}

Test(wrap, keeps_paragraphs_and_escapes)
{
    check("one\n\ntwo", 2, 2, 20, "one\n\n  two\n");
    check("one\ntwo\n", 2, 2, 20, "one\n  two\n");
    check("\033[1m x", 0, 0, 80, "\\x1b[1m x\n");
}
