#include "archive/gap.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct silt_gap new_gap(void)
{
    return (struct silt_gap){.runs.item_size = sizeof(struct silt_run)};
}

static void put(struct silt_gap *gap, uint64_t offset, const void *data, size_t size)
{
    cr_assert_eq(silt_gap_put(gap, offset, silt_span_of(data, size), NULL), SILT_OK);
}

static void expect_bytes(const struct silt_gap *gap, const void *data, size_t size)
{
    cr_expect(silt_span_equal(silt_buffer_span(&gap->bytes), silt_span_of(data, size)));
}

Test(gap, keeps_what_does_not_adjoin_apart)
{
    struct silt_gap gap = new_gap();
    put(&gap, 10, "abc", 3);
    put(&gap, 13, "def", 3);
    put(&gap, 100, "ghi", 3);
    expect_bytes(&gap, "abcdef\nghi", 10);
    cr_expect_eq(silt_gap_offset(&gap, 0), 10);
    cr_expect_eq(silt_gap_offset(&gap, 5), 15);
    cr_expect_eq(silt_gap_offset(&gap, 7), 100);
    cr_expect_eq(silt_gap_offset(&gap, 9), 102);
    silt_gap_clear(&gap);
}

Test(gap, leaves_out_zeros_and_nothing_else)
{
    struct silt_gap gap = new_gap();
    uint8_t zeros[1000] = {0};
    put(&gap, 0, "a\0b", 3);
    put(&gap, 3, zeros, sizeof zeros);
    put(&gap, 1003, zeros, sizeof zeros);
    put(&gap, 2003, "c", 1);
    expect_bytes(&gap, "a\0b\0\0\0\0c", 8);
    cr_expect_eq(silt_gap_offset(&gap, 7), 2003);
    cr_expect_eq(silt_gap_offset(&gap, 6), 6);
    silt_gap_clear(&gap);
}

/* However it is put in pieces. */
Test(gap, pieces_make_no_difference)
{
    uint8_t bytes[3000];
    unsigned seed = 1;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (i / 40) % 3 == 0 ? 0 : (uint8_t)(rand_r(&seed) % 3);
    struct silt_gap whole = new_gap();
    struct silt_gap pieces = new_gap();
    put(&whole, 7, bytes, sizeof bytes);
    for (size_t i = 0, size; i < sizeof bytes; i += size) {
        size = 1 + (size_t)rand_r(&seed) % 50;
        if (size > sizeof bytes - i)
            size = sizeof bytes - i;
        put(&pieces, 7 + i, bytes + i, size);
    }
    expect_bytes(&pieces, whole.bytes.data, whole.bytes.size);
    for (size_t i = 0; i < whole.bytes.size; i++) {
        cr_expect_eq(silt_gap_offset(&whole, i), silt_gap_offset(&pieces, i));
        cr_expect_eq(bytes[silt_gap_offset(&whole, i) - 7], whole.bytes.data[i]);
    }
    silt_gap_clear(&whole);
    silt_gap_clear(&pieces);
}

Test(gap, is_cut_between_runs)
{
    struct silt_gap gap = new_gap();
    put(&gap, 0, "abc", 3);
    put(&gap, 10, "def", 3);
    cr_expect_eq(silt_gap_cut(&gap), 4);
    silt_gap_take(&gap, 4, false);
    expect_bytes(&gap, "def", 3);
    cr_expect_eq(silt_gap_offset(&gap, 0), 10);
    put(&gap, 13, "ghi", 3);
    expect_bytes(&gap, "defghi", 6);
    cr_expect_eq(silt_gap_offset(&gap, 3), 13);
    silt_gap_clear(&gap);
}

/* One run that is too long to wait for its end: what straddles the cut is seen again. */
Test(gap, keeps_an_overlap_of_one_long_run)
{
    struct silt_gap gap = new_gap();
    static uint8_t bytes[300 * 1024];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(1 + i % 251);
    put(&gap, 50, bytes, sizeof bytes);
    cr_expect(silt_gap_is_full(&gap));
    cr_expect_eq(silt_gap_cut(&gap), sizeof bytes);
    silt_gap_take(&gap, sizeof bytes, false);
    cr_expect_eq(gap.bytes.size, 16 * 1024);
    cr_expect_eq(silt_gap_offset(&gap, 0), 50 + sizeof bytes - 16 * 1024);
    expect_bytes(&gap, bytes + sizeof bytes - 16 * 1024, 16 * 1024);
    put(&gap, 50 + sizeof bytes, "x", 1);
    cr_expect_eq(gap.bytes.size, 16 * 1024 + 1);
    silt_gap_take(&gap, gap.bytes.size, true);
    cr_expect_eq(gap.bytes.size, 0);
    silt_gap_clear(&gap);
}
