/*
 * .lzma has no magic: what is taken for it.
 */
#include "stream/codec.h"

#include <criterion/criterion.h>

static bool is_lzma(const char *head, size_t size)
{
    const struct silt_codec *codec = silt_codec_find(silt_span_of(head, size));
    return codec != NULL && strcmp(codec->name, "lzma") == 0;
}

Test(lzma, is_codec)
{
    cr_expect(is_lzma("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", 14)); /* 8 MiB, length unknown */
    cr_expect(is_lzma("\x5d\0\0\xc0\0\x10\0\0\0\0\0\0\0\0", 14));               /* 12 MiB, 16 bytes */
    cr_expect_not(is_lzma("\x5d\0\0\xa0\0\xff\xff\xff\xff\xff\xff\xff\xff\0", 14)); /* no usual dictionary */
    cr_expect_not(is_lzma("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\x7f\0", 14)); /* absurd length */
    cr_expect_not(is_lzma("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\1", 14)); /* no range coder */
    cr_expect_not(is_lzma("\x5d\0\0\0\0\0\0\0\0\0\0\0\0\0", 14));
    cr_expect_not(is_lzma("]   text that begins with it", 28));
}
