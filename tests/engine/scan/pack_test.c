/*
 * Numbers and spans come back as they were, and nothing outside of the bytes is touched.
 */
#include "scan/pack.h"

#include <criterion/criterion.h>

Test(pack, gives_back_what_was_put)
{
    static const uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX};
    enum { COUNT = sizeof numbers / sizeof *numbers };
    struct silt_pack pack = {0};
    for (size_t i = 0; i < COUNT; i++)
        silt_pack_put_number(&pack, numbers[i]);
    silt_pack_put_span(&pack, silt_span_text("span"));
    silt_pack_put_span(&pack, (struct silt_span){NULL, 0});
    silt_pack_put_bytes(&pack, silt_span_text("end"));
    cr_assert_not(pack.has_failed);
    struct silt_unpack unpack = {.rest = silt_buffer_span(&pack.bytes)};
    for (size_t i = 0; i < COUNT; i++)
        cr_expect_eq(silt_pack_take_number(&unpack, UINT64_MAX), numbers[i]);
    cr_expect(silt_span_is_text(silt_pack_take_span(&unpack), "span"));
    cr_expect_eq(silt_pack_take_span(&unpack).size, 0);
    cr_expect(silt_span_is_text(silt_pack_take_bytes(&unpack, 3), "end"));
    cr_expect_not(unpack.has_failed);
    cr_expect_eq(unpack.rest.size, 0);
    silt_buffer_clear(&pack.bytes);
}

static void expect_failure(const char *bytes, size_t size, uint64_t most)
{
    struct silt_unpack unpack = {.rest = {(const uint8_t *)bytes, size}};
    cr_expect_eq(silt_pack_take_number(&unpack, most), 0);
    cr_expect(unpack.has_failed);
    cr_expect_eq(silt_pack_take_span(&unpack).size, 0);
}

Test(pack, refuses_what_is_no_number)
{
    expect_failure("", 0, 9);
    expect_failure("\x80\x80", 2, UINT64_MAX);
    expect_failure("\x0a", 1, 9);
    expect_failure("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, UINT64_MAX);
    expect_failure("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", 11, UINT64_MAX);
}

Test(pack, a_span_ends_with_the_bytes)
{
    struct silt_unpack unpack = {.rest = silt_span_of("\x05"
                                                      "abcd",
                                                      5)};
    cr_expect_eq(silt_pack_take_span(&unpack).size, 0);
    cr_expect(unpack.has_failed);
    unpack = (struct silt_unpack){.rest = silt_span_text("ab")};
    cr_expect_eq(silt_pack_take_bytes(&unpack, 3).size, 0);
    cr_expect(unpack.has_failed);
}
