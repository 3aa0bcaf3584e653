/*
 * The index of an outer tar: all header forms, links, and damage.
 */
#include "source/tar_index.h"

#include "engine/source/fixture.h"

TestSuite(tar_index, .init = fixture_begin, .fini = fixture_end);

static int tar_fd = -1;

static struct silt_tar_index *index_of(struct silt_buffer *tar)
{
    struct silt_tar_index *index;
    fixture_write(fixture_path("x.tar"), silt_buffer_span(tar));
    tar_fd = open(fixture_path("x.tar"), O_RDONLY);
    cr_assert_eq(silt_tar_index_new(tar_fd, tar->size, &index, NULL), SILT_OK);
    silt_buffer_clear(tar);
    return index;
}

static void done(struct silt_tar_index *index)
{
    silt_tar_index_free(index);
    close(tar_fd);
}

static void expect_text(const struct silt_tar_index *index, const char *name, const char *text)
{
    const struct silt_tar_entry *entry;
    struct silt_error error = {0};
    char bytes[64] = "";
    cr_assert_eq(silt_tar_index_find(index, silt_span_text(name), &entry, &error), SILT_OK, "%s",
                 error.message);
    cr_assert_eq(entry->size, strlen(text));
    cr_assert_eq(pread(tar_fd, bytes, entry->size, (off_t)entry->offset), (ssize_t)entry->size);
    cr_expect_str_eq(bytes, text);
}

static void expect_missing(const struct silt_tar_index *index, const char *name)
{
    const struct silt_tar_entry *entry;
    cr_expect_eq(silt_tar_index_find(index, silt_span_text(name), &entry, NULL), SILT_ERR_NOT_FOUND, "%s",
                 name);
}

Test(tar_index, finds_files_by_clean_name)
{
    struct silt_buffer tar = {0};
    tar_text(&tar, "./b.json", "bee");
    tar_header(&tar, '5', "dir/", "", 0);
    tar_text(&tar, "/dir//a", "ay");
    tar_text(&tar, "../../c", "see");
    tar_end(&tar);
    struct silt_tar_index *index = index_of(&tar);
    expect_text(index, "b.json", "bee");
    expect_text(index, "dir/a", "ay");
    expect_text(index, "c", "see");
    expect_missing(index, "dir");
    expect_missing(index, "a");
    cr_expect_eq(silt_tar_index_count(index), 3);
    cr_expect_null(silt_tar_index_problem(index));
    done(index);
}

Test(tar_index, long_names_and_sizes_of_gnu_and_pax)
{
    struct silt_buffer tar = {0};
    char name[300];
    memset(name, 'n', sizeof name);
    name[299] = '\0';
    tar_extended(&tar, 'L', name, sizeof name);
    tar_text(&tar, "short", "gnu");
    static const char pax[] = "19 path=pax/name/x\n9 size=3\n";
    tar_extended(&tar, 'x', pax, sizeof pax - 1);
    tar_header(&tar, '0', "other", "", 0);
    tar_data(&tar, silt_span_text("pax"));
    tar_header(&tar, '0', "big", "", 0);
    uint8_t *header = tar.data + tar.size - 512;
    memset(header + 124, 0, 12);
    header[124] = 0x80;
    header[135] = 5;
    tar_checksum(header);
    tar_data(&tar, silt_span_text("large"));
    tar_end(&tar);
    struct silt_tar_index *index = index_of(&tar);
    expect_text(index, name, "gnu");
    expect_text(index, "pax/name/x", "pax");
    expect_text(index, "big", "large");
    cr_expect_null(silt_tar_index_problem(index));
    done(index);
}

Test(tar_index, prefix_of_ustar)
{
    struct silt_buffer tar = {0};
    tar_header(&tar, '0', "name", "", 1);
    memcpy(tar.data + 345, "long/way", 8);
    tar_checksum(tar.data);
    tar_data(&tar, silt_span_text("x"));
    tar_end(&tar);
    struct silt_tar_index *index = index_of(&tar);
    expect_text(index, "long/way/name", "x");
    done(index);
}

Test(tar_index, an_empty_pax_size_is_none)
{
    struct silt_buffer tar = {0};
    tar_extended(&tar, 'x', "8 size=\n", 8);
    tar_text(&tar, "a", "content");
    tar_text(&tar, "b", "next");
    tar_end(&tar);
    struct silt_tar_index *index = index_of(&tar);
    expect_text(index, "a", "content");
    expect_text(index, "b", "next");
    done(index);
}

Test(tar_index, follows_links)
{
    struct silt_buffer tar = {0};
    tar_text(&tar, "abc.tar", "layer");
    tar_header(&tar, '2', "id1/layer.tar", "../abc.tar", 0);
    tar_header(&tar, '2', "id2/layer.tar", "../id1/layer.tar", 0);
    tar_header(&tar, '1', "id3/layer.tar", "abc.tar", 4096); /* a link has no content, whatever it says */
    tar_header(&tar, '2', "absolute", "/abc.tar", 0);
    tar_header(&tar, '2', "nowhere", "gone", 0);
    tar_header(&tar, '2', "round", "about", 0);
    tar_header(&tar, '2', "about", "round", 0);
    tar_end(&tar);
    struct silt_tar_index *index = index_of(&tar);
    expect_text(index, "id1/layer.tar", "layer");
    expect_text(index, "id2/layer.tar", "layer");
    expect_text(index, "id3/layer.tar", "layer");
    expect_text(index, "absolute", "layer");
    expect_missing(index, "nowhere");
    expect_missing(index, "round");
    cr_expect_null(silt_tar_index_problem(index));
    done(index);
}

Test(tar_index, the_last_of_a_name_counts)
{
    struct silt_buffer tar = {0};
    tar_text(&tar, "a", "first");
    tar_text(&tar, "b", "bee");
    tar_text(&tar, "./a", "second");
    tar_end(&tar);
    struct silt_tar_index *index = index_of(&tar);
    expect_text(index, "a", "second");
    cr_expect(silt_tar_index_at(index, 0)->is_shadowed);
    cr_expect_not(silt_tar_index_at(index, 1)->is_shadowed);
    cr_expect_not(silt_tar_index_at(index, 2)->is_shadowed);
    done(index);
}

Test(tar_index, a_bad_checksum_ends_it_and_is_told)
{
    struct silt_buffer tar = {0};
    tar_text(&tar, "a", "good");
    size_t second = tar.size;
    tar_text(&tar, "b", "bad");
    tar_end(&tar);
    tar.data[second] ^= 1;
    struct silt_tar_index *index = index_of(&tar);
    expect_text(index, "a", "good");
    expect_missing(index, "b");
    cr_assert_not_null(silt_tar_index_problem(index));
    cr_expect(strstr(silt_tar_index_problem(index)->message, "byte 1024") != NULL);
    cr_expect_eq(silt_tar_index_tail(index), second);
    done(index);
}

Test(tar_index, what_is_cut_off_is_told)
{
    struct silt_buffer tar = {0};
    tar_text(&tar, "a", "good");
    tar_header(&tar, '0', "b", "", 1ULL << 32);
    tar_data(&tar, silt_span_text("some"));
    struct silt_tar_index *index = index_of(&tar);
    const struct silt_tar_entry *entry;
    cr_assert_eq(silt_tar_index_find(index, silt_span_text("b"), &entry, NULL), SILT_OK);
    cr_expect_eq(entry->size, 1ULL << 32);
    cr_expect_not_null(silt_tar_index_problem(index));
    done(index);
}

Test(tar_index, absurd_sizes_do_no_harm)
{
    static const uint8_t all_ones[12] = {0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t negative[12] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    for (int i = 0; i < 4; i++) {
        struct silt_buffer tar = {0};
        tar_text(&tar, "a", "good");
        tar_header(&tar, i < 2 ? '0' : 'x', "b", "", 0);
        uint8_t *header = tar.data + tar.size - 512;
        memcpy(header + 124, i % 2 == 0 ? all_ones : negative, 12);
        tar_checksum(header);
        tar_end(&tar);
        struct silt_tar_index *index = index_of(&tar);
        expect_text(index, "a", "good");
        cr_expect_not_null(silt_tar_index_problem(index));
        done(index);
    }
}

Test(tar_index, bytes_behind_the_end_mark_are_a_tail)
{
    struct silt_buffer tar = {0};
    tar_text(&tar, "a", "good");
    tar_end(&tar);
    size_t end = tar.size;
    tar_text(&tar, "hidden", "behind");
    struct silt_tar_index *index = index_of(&tar);
    expect_missing(index, "hidden");
    cr_expect_null(silt_tar_index_problem(index));
    cr_expect_eq(silt_tar_index_tail(index), end);
    done(index);
}

Test(tar_index, padding_is_no_tail)
{
    static const uint8_t zeros[10240];
    struct silt_buffer tar = {0};
    tar_text(&tar, "a", "good");
    tar_end(&tar);
    cr_assert_eq(silt_buffer_append(&tar, silt_span_of(zeros, sizeof zeros), NULL), SILT_OK);
    size_t size = tar.size;
    struct silt_tar_index *index = index_of(&tar);
    cr_expect_eq(silt_tar_index_tail(index), size);
    done(index);
}

Test(tar_index, a_lone_zero_block_is_passed)
{
    static const uint8_t zeros[512];
    struct silt_buffer tar = {0};
    tar_text(&tar, "a", "good");
    cr_assert_eq(silt_buffer_append(&tar, silt_span_of(zeros, sizeof zeros), NULL), SILT_OK);
    tar_text(&tar, "b", "too");
    tar_end(&tar);
    struct silt_tar_index *index = index_of(&tar);
    expect_text(index, "b", "too");
    done(index);
}

Test(tar_index, bad_pax_records_end_it)
{
    static const char *const bad[] = {"x",       "0 a=b\n",    "99999999 path=x\n",
                                      "5 a=b\n", "8 path=x\n", "6 a=bb\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct silt_buffer tar = {0};
        tar_extended(&tar, 'x', bad[i], strlen(bad[i]));
        tar_text(&tar, "a", "good");
        tar_end(&tar);
        struct silt_tar_index *index = index_of(&tar);
        cr_expect_not_null(silt_tar_index_problem(index), "%s", bad[i]);
        done(index);
    }
}

/* A document may name a file with no name at all. */
Test(tar_index, no_name)
{
    struct silt_buffer tar = {0};
    tar_text(&tar, "a", "three");
    tar_end(&tar);
    struct silt_tar_index *index = index_of(&tar);
    const struct silt_tar_entry *entry;
    cr_expect_eq(silt_tar_index_find(index, (struct silt_span){0}, &entry, NULL), SILT_ERR_NOT_FOUND);
    expect_text(index, "a", "three");
    done(index);
}

Test(tar_index, no_tar_at_all)
{
    struct silt_buffer text = {0};
    for (int i = 0; i < 100; i++)
        cr_assert_eq(silt_buffer_append(&text, silt_span_text("just a text, not a tar archive"), NULL),
                     SILT_OK);
    struct silt_tar_index *index = index_of(&text);
    cr_expect_eq(silt_tar_index_count(index), 0);
    cr_expect_not_null(silt_tar_index_problem(index));
    done(index);
}
