#include "archive/check.h"

#include "base/buffer.h"

#include <criterion/criterion.h>

static void put(struct silt_buffer *out, const void *data, size_t size)
{
    cr_assert_eq(silt_buffer_append(out, silt_span_of(data, size), NULL), SILT_OK);
}

/* A record of a fixed size with a little-endian length somewhere in it. */
static void put_record(struct silt_buffer *out, const char *magic, size_t size, size_t length_at,
                       const char *tail)
{
    uint8_t record[64] = {0};
    memcpy(record, magic, 4);
    record[length_at] = (uint8_t)strlen(tail);
    put(out, record, size);
    put(out, tail, strlen(tail));
}

static uint64_t hidden(const struct silt_buffer *zip, size_t step)
{
    struct silt_check check = {.ops = &silt_zipcheck};
    for (size_t i = 0; i < zip->size; i += step)
        check.ops->gap(&check, i, silt_span_slice(silt_buffer_span(zip), i, step));
    check.ops->end(&check, zip->size);
    return check.hidden_bytes;
}

static void put_records(struct silt_buffer *zip)
{
    put_record(zip, "PK\3\4", 30, 26, "dir/");
    put_record(zip, "PK\7\10", 16, 8, "");
    put_record(zip, "PK\1\2", 46, 28, "dir/");
    put_record(zip, "PK\6\6", 12, 4, "0123456789");
    put_record(zip, "PK\6\7", 20, 8, "");
    put_record(zip, "PK\5\6", 22, 20, "a comment");
}

Test(zipcheck, explains_records)
{
    struct silt_buffer zip = {0};
    put_records(&zip);
    cr_expect_eq(hidden(&zip, 1), 0);
    cr_expect_eq(hidden(&zip, 7), 0);
    cr_expect_eq(hidden(&zip, zip.size), 0);
    put(&zip, "tail", 4);
    cr_expect_eq(hidden(&zip, 3), 4);
    silt_buffer_clear(&zip);
}

Test(zipcheck, other_bytes_are_hidden)
{
    struct silt_buffer zip = {0};
    put(&zip, "#!/bin/sh, a stub\n", 18);
    cr_expect_eq(hidden(&zip, 5), 18);
    silt_buffer_clear(&zip);
}

Test(zipcheck, android_signing_block)
{
    struct silt_buffer zip = {0};
    const uint8_t size[8] = {124};
    uint8_t pairs[100];
    memset(pairs, 'p', sizeof pairs);
    put_record(&zip, "PK\3\4", 30, 26, "dir/");
    put(&zip, size, 8);
    put(&zip, pairs, sizeof pairs);
    put(&zip, size, 8);
    put(&zip, "APK Sig Block 42", 16);
    put_records(&zip);
    cr_expect_eq(hidden(&zip, 1), 0);
    cr_expect_eq(hidden(&zip, 1000), 0);
    zip.data[34 + 120] ^= 1;
    cr_expect_neq(hidden(&zip, 1), 0);
    silt_buffer_clear(&zip);
}
