#include "archive/format.h"

#include "tar_maker.h"

static const char *name_of(const void *data, size_t size)
{
    const struct silt_format *format = silt_format_find(silt_span_of(data, size));
    return format != NULL ? format->name : "";
}

Test(format, tars_old_and_new)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "x", "text");
    cr_expect_str_eq(name_of(tar.data, 512), "tar");
    memset(tar.data + 257, 0, 8);
    tar_sum(tar.data);
    cr_expect_str_eq(name_of(tar.data, 512), "tar");
    tar.data[0] = 'y';
    cr_expect_str_eq(name_of(tar.data, 512), "");
    silt_buffer_clear(&tar);
}

Test(format, text_programs_and_short_heads_are_none)
{
    uint8_t head[512] = {0};
    cr_expect_str_eq(name_of(head, sizeof head), "");
    memcpy(head,
           "\x7f"
           "ELF\2\1\1",
           7);
    cr_expect_str_eq(name_of(head, sizeof head), "");
    cr_expect_str_eq(name_of("PK is short for public key, and so on and on", 44), "");
    cr_expect_str_eq(
        name_of("070701 is the magic of a cpio archive; this is text that speaks of it and goes on "
                "for long enough to hold a header of one hundred and ten bytes",
                140),
        "");
    cr_expect_str_eq(
        name_of("!<arch>\n is how an ar archive begins, but this is none, it only says so in its text", 80),
        "");
    cr_expect_str_eq(name_of("PK\3\4", 4), "");
    cr_expect_str_eq(name_of("7z", 2), "");
    cr_expect_str_eq(name_of("", 0), "");
}

Test(format, archives_behind_something)
{
    static const char zip[] = "PK\3\4\24\0\0\0\10\0....crc.sizeSIZE\1\0\0\0x";
    char head[128] = "JM\1\0";
    uint64_t size;
    memcpy(head + 4, zip, sizeof zip);
    cr_expect_str_eq(name_of(head, sizeof head), "jmod");
    head[4] = 'p';
    cr_expect_str_eq(name_of(head, sizeof head), "");
    memcpy(head, "#!/x\n# y\n", 9);
    memcpy(head + 9, zip, sizeof zip);
    cr_assert_str_eq(name_of(head, sizeof head), "script");
    cr_assert(silt_format_script_row.prefix_size(silt_span_of(head, sizeof head), &size));
    cr_expect_eq(size, 9);
    head[8] = ' ';
    cr_expect_str_eq(name_of(head, sizeof head), "", "an archive begins with a line");
    cr_expect(silt_format_wants_more(silt_span_of(head, 2)));
    cr_expect_not(silt_format_wants_more(silt_span_of("PK", 2)));
}

Test(format, rpm_prefix)
{
    uint8_t head[512] = {0};
    memcpy(head, "\xed\xab\xee\xdb", 4);
    memcpy(head + 96, "\x8e\xad\xe8\x01", 4);
    head[96 + 11] = 1; /* entries of 16 bytes */
    head[96 + 15] = 5; /* bytes of data */
    memcpy(head + 96 + 16 + 16 + 8, "\x8e\xad\xe8\x01", 4);
    head[96 + 16 + 16 + 8 + 15] = 7;
    const struct silt_format *format = silt_format_find(silt_span_of(head, sizeof head));
    uint64_t size;
    cr_assert_not_null(format);
    cr_assert_str_eq(format->name, "rpm");
    cr_assert(format->prefix_size(silt_span_of(head, sizeof head), &size));
    cr_expect_eq(size, 96 + 16 + 16 + 8 + 16 + 7);
    head[96 + 12] = 0xff;
    cr_expect(!format->prefix_size(silt_span_of(head, sizeof head), &size));
}
