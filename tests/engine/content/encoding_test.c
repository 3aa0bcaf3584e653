/*
 * What is taken for UTF-16, and what it decodes to.
 */
#include "content/encoding.h"

#include <criterion/criterion.h>
#include <stdio.h>

static enum silt_encoding detect(const void *bytes, size_t size, size_t mark)
{
    size_t found;
    enum silt_encoding encoding = silt_encoding_detect(silt_span_of(bytes, size), &found);
    if (encoding != SILT_ENCODING_BYTES)
        cr_expect_eq(found, mark);
    return encoding;
}

Test(encoding, with_a_mark)
{
    cr_expect_eq(detect("\xff\xfek\0=\0", 6, 2), SILT_ENCODING_UTF16LE);
    cr_expect_eq(detect("\xfe\xff\0k\0=", 6, 2), SILT_ENCODING_UTF16BE);
    cr_expect_eq(detect("\xff\xfe\x2d\x4e\x87\x65", 6, 2), SILT_ENCODING_UTF16LE);
    cr_expect_eq(detect("\xff\xfe\0\0k\0\0\0", 8, 0), SILT_ENCODING_BYTES); /* UTF-32 */
    cr_expect_eq(detect("\xff\xfeplain ASCII behind a mark", 27, 0), SILT_ENCODING_BYTES);
    cr_expect_eq(detect("\xff\xfe", 2, 0), SILT_ENCODING_BYTES);
}

Test(encoding, without_a_mark)
{
    cr_expect_eq(detect("k\0e\0y\0=\0", 8, 0), SILT_ENCODING_UTF16LE);
    cr_expect_eq(detect("\0k\0e\0y\0=", 8, 0), SILT_ENCODING_UTF16BE);
    cr_expect_eq(detect("k\0e\0y\0", 6, 0), SILT_ENCODING_BYTES);         /* too little to tell */
    cr_expect_eq(detect("k\0e\0y\0\0\0=\0", 10, 0), SILT_ENCODING_BYTES); /* strings of a binary file */
    cr_expect_eq(detect("key=value in ASCII", 18, 0), SILT_ENCODING_BYTES);
    cr_expect_eq(detect("k\0e\0y\0=\0\x3d\xd8k\0", 12, 0), SILT_ENCODING_BYTES); /* half a pair */
    cr_expect_eq(detect("", 0, 0), SILT_ENCODING_BYTES);
}

/* Real binary files of the machine this runs on. */
Test(encoding, binaries_are_bytes)
{
    static const char *const paths[] = {"/proc/self/exe", "/bin/sh", "/usr/bin/cc",
                                        "/lib/x86_64-linux-gnu/libc.so.6",
                                        "/usr/share/zoneinfo/Europe/Berlin"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char head[8192];
        FILE *file = fopen(paths[i], "rb");
        if (file == NULL)
            continue;
        cr_expect_eq(detect(head, fread(head, 1, sizeof head, file), 0), SILT_ENCODING_BYTES, "%s", paths[i]);
        fclose(file);
    }
}

static void check_decode(enum silt_encoding encoding, const char *in, size_t size, const char *text)
{
    uint8_t out[64];
    size_t used, made = silt_encoding_decode(encoding, silt_span_of(in, size), true, out, sizeof out, &used);
    cr_expect_eq(used, size);
    cr_expect(silt_span_is_text(silt_span_of(out, made), text), "%.*s for %s", (int)made, out, text);
}

Test(encoding, decode)
{
    check_decode(SILT_ENCODING_UTF16LE, "a\0\xe9\0\x2d\x4e\x3d\xd8\x11\xdd", 10,
                 "a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x94\x91");
    check_decode(SILT_ENCODING_UTF16BE, "\0a\0\xe9\x4e\x2d\xd8\x3d\xdd\x11", 10,
                 "a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x94\x91");
    check_decode(SILT_ENCODING_UTF16LE, "\x3d\xd8z\0", 4, "\xef\xbf\xbdz");
    check_decode(SILT_ENCODING_UTF16LE, "\x11\xddz\0", 4, "\xef\xbf\xbdz");
    check_decode(SILT_ENCODING_UTF16LE, "z\0\x3d\xd8", 4, "z\xef\xbf\xbd");
    check_decode(SILT_ENCODING_UTF16LE, "z\0z", 3, "z\xef\xbf\xbd");
}

Test(encoding, decode_leaves_what_is_cut_off)
{
    uint8_t out[64];
    size_t used;
    struct silt_span in = silt_span_of("z\0\x3d\xd8\x11", 5);
    cr_expect_eq(silt_encoding_decode(SILT_ENCODING_UTF16LE, in, false, out, sizeof out, &used), 1);
    cr_expect_eq(used, 2);
    cr_expect_eq(silt_encoding_decode(SILT_ENCODING_UTF16LE, in, true, out, 6, &used), 4);
    cr_expect_eq(used, 4, "room for a character of four bytes is kept");
}

Test(encoding, raw_size)
{
    cr_expect_eq(silt_encoding_raw_size(silt_span_text("a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x94\x91")), 10);
    cr_expect_eq(silt_encoding_raw_size(silt_span_text("")), 0);
}
