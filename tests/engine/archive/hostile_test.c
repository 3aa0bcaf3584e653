/* Tars made to lose their content in a parser: every marker must come out, in a file or raw. */
#include "tar_maker.h"

#include "recorder.h"

static void expect_marks(const struct recording *recording, int first, int last)
{
    for (int i = first; i <= last; i++) {
        char mark[32];
        snprintf(mark, sizeof mark, "MARK-%03d-END", i);
        cr_expect(has_marker(recording, mark), "%s is lost", mark);
    }
}

Test(hostile, many_pax_headers_in_a_row)
{
    struct silt_buffer tar = {0};
    char mark[32];
    for (int i = 0; i < 100; i++) {
        snprintf(mark, sizeof mark, "MARK-%03d-END", i);
        tar_pax(&tar, 'x', "comment", mark, strlen(mark));
    }
    tar_pax(&tar, 'x', "size", "13", 2);
    tar_header(&tar, "x", '0', 0);
    tar_body(&tar, "MARK-100-END\n", 13);
    tar_file(&tar, "after", "MARK-101-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 101);
    cr_expect(record_is(find_record(recording, "after"), "MARK-101-END"));
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, empty_pax_size)
{
    struct silt_buffer tar = {0};
    tar_pax(&tar, 'x', "size", "", 0);
    tar_file(&tar, "x", "MARK-000-END");
    tar_file(&tar, "after", "MARK-001-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 1);
    cr_expect(record_is(find_record(recording, "after"), "MARK-001-END"));
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_HIDDEN);
    cr_assert_not_null(skip);
    cr_expect_eq(skip->bytes, 512);
    cr_expect_str_eq(skip->detail, "512 bytes from offset 1536 on belong to no entry; matched as raw bytes");
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, regular_file_with_a_slash)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "x/", "MARK-000-END");
    tar_file(&tar, "after", "MARK-001-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 1);
    cr_expect(record_is(find_record(recording, "after"), "MARK-001-END"));
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, bodies_behind_headers_that_should_have_none)
{
    struct silt_buffer tar = {0};
    const char types[] = "123456";
    for (size_t i = 0; i < strlen(types); i++) {
        char mark[32];
        snprintf(mark, sizeof mark, "MARK-%03zu-END", i);
        tar_header(&tar, "x", types[i], strlen(mark));
        tar_body(&tar, mark, strlen(mark));
    }
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 5);
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, data_behind_an_end_mark)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "a", "MARK-000-END");
    put_zeros(&tar, 512);
    tar_file(&tar, "b", "MARK-001-END");
    tar_end(&tar);
    tar_file(&tar, "c", "MARK-002-END");
    tar_end(&tar);
    put_text(&tar, "MARK-003-END");
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 3);
    cr_expect(record_is(find_record(recording, "b"), "MARK-001-END"));
    cr_expect(record_is(find_record(recording, "c"), "MARK-002-END"));
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, padding_that_is_not_zero)
{
    struct silt_buffer tar = {0};
    tar_header(&tar, "a", '0', 3);
    put_text(&tar, "abcMARK-000-END");
    tar_pad(&tar);
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 0);
    cr_expect(record_is(find_record(recording, "a"), "abc"));
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
    silt_buffer_clear(&tar);
}

/* The next header follows behind each absurd size, so that the walk can find it again. */
static void try_size_field(const uint8_t *field)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "before", "MARK-000-END");
    size_t at = tar_header(&tar, "x", '0', 0);
    memcpy(tar.data + at + 124, field, 12);
    tar_sum(tar.data + at);
    tar_body(&tar, "MARK-001-END", 12);
    tar_file(&tar, "after", "MARK-002-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 2);
    cr_expect_eq(recording->status, SILT_END);
    cr_expect_gt(recording->skip_count, 0);
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, absurd_sizes)
{
    try_size_field((const uint8_t *)"77777777777");
    try_size_field((const uint8_t *)"777777777777");
    try_size_field((const uint8_t *)"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff");
    try_size_field((const uint8_t *)"\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
    try_size_field((const uint8_t *)"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\x00");
    try_size_field((const uint8_t *)"-0000000100");
}

Test(hostile, absurd_pax_sizes)
{
    const char *sizes[] = {"9223372036854775807", "-1", "99999999999999999999", "x", "0"};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct silt_buffer tar = {0};
        tar_pax(&tar, 'x', "size", sizes[i], strlen(sizes[i]));
        tar_file(&tar, "x", "MARK-000-END");
        tar_file(&tar, "after", "MARK-001-END");
        tar_end(&tar);
        struct recording *recording = record_tar(&tar);
        expect_marks(recording, 0, 1);
        cr_expect_gt(recording->skip_count, 0, "%s", sizes[i]);
        recording_free(recording);
        silt_buffer_clear(&tar);
    }
}

Test(hostile, duplicate_sizes_and_real_sizes)
{
    const char *keys[] = {"SCHILY.realsize", "GNU.sparse.realsize", "GNU.sparse.size",     "GNU.sparse.major",
                          "GNU.sparse.map",  "SUN.holesdata",       "GNU.sparse.numblocks"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct silt_buffer tar = {0};
        tar_pax(&tar, 'x', keys[i], "3", 1);
        tar_file(&tar, "x", "abcMARK-000-END");
        tar_file(&tar, "after", "MARK-001-END");
        tar_end(&tar);
        struct recording *recording = record_tar(&tar);
        expect_marks(recording, 0, 1);
        recording_free(recording);
        silt_buffer_clear(&tar);
    }
}

Test(hostile, size_given_twice)
{
    struct silt_buffer tar = {0};
    struct silt_buffer body = {0};
    pax_record(&body, "size", "12", 2);
    pax_record(&body, "size", "0", 1);
    tar_header(&tar, "PaxHeaders/x", 'x', body.size);
    tar_body(&tar, body.data, body.size);
    tar_file(&tar, "x", "MARK-000-END");
    tar_file(&tar, "after", "MARK-001-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 1);
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
    silt_buffer_clear(&body);
    silt_buffer_clear(&tar);
}

Test(hostile, truncated_anywhere)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "a", "MARK-000-END");
    tar_pax(&tar, 'x', "comment", "MARK-001-END", 12);
    tar_file(&tar, "b", "MARK-002-END");
    tar_end(&tar);
    for (size_t size = 0; size <= tar.size; size += size % 512 == 0 ? 1 : 73) {
        struct silt_span part = silt_span_slice(silt_buffer_span(&tar), 0, size);
        struct recording *recording = record_walk(part, &(struct record_options){.root = SILT_WALK_TAR});
        for (int i = 0; i <= 2; i++) {
            char mark[32];
            snprintf(mark, sizeof mark, "MARK-%03d-END", i);
            cr_expect_eq(memmem(part.data, part.size, mark, 12) != NULL, has_marker(recording, mark));
        }
        bool is_whole = size % 512 == 0 || size > tar.size - 1024;
        cr_expect(is_whole || find_skip(recording, SILT_SKIP_DAMAGED) != NULL, "nothing said at %zu", size);
        recording_free(recording);
        if (size % 512 + 73 > 512 && size % 512 != 0)
            size = size / 512 * 512 + 512 - 73;
    }
    silt_buffer_clear(&tar);
}

Test(hostile, damaged_checksum_in_the_middle)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "a", "MARK-000-END");
    size_t at = tar_header(&tar, "b", '0', 12);
    tar.data[at + 148] ^= 1;
    tar_body(&tar, "MARK-001-END", 12);
    tar_file(&tar, "c", "MARK-002-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 2);
    cr_expect(record_is(find_record(recording, "c"), "MARK-002-END"));
    cr_expect_not_null(find_skip(recording, SILT_SKIP_DAMAGED));
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, names)
{
    struct silt_buffer tar = {0};
    char *name = malloc(64 * 1024 + 1);
    memset(name, 'n', 64 * 1024);
    name[64 * 1024] = '\0';
    tar_file(&tar, "../../etc/passwd", "MARK-000-END");
    tar_file(&tar, "/abs", "MARK-001-END");
    tar_file(&tar, "\x1b[31m\n\t", "MARK-002-END");
    tar_file(&tar, "caf\xe9", "MARK-003-END");
    tar_pax(&tar, 'x', "path", "na\xef\xff", 4);
    tar_file(&tar, "y", "MARK-004-END");
    tar_pax(&tar, 'x', "path", name, 64 * 1024);
    tar_file(&tar, "z", "MARK-005-END");
    tar_header(&tar, "././@LongLink", 'L', 64 * 1024 + 1);
    name[0] = '\xfe';
    tar_body(&tar, name, 64 * 1024 + 1);
    tar_file(&tar, "z", "MARK-006-END");
    tar_pax(&tar, 'x', "path", "gr\xc3\xbc\xc3\x9f", 6);
    tar_file(&tar, "u", "MARK-007-END");
    tar_file(&tar, "", "MARK-008-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 8);
    cr_expect(record_is(find_record(recording, "etc/passwd"), "MARK-000-END"));
    cr_expect(record_is(find_record(recording, "abs"), "MARK-001-END"));
    cr_expect(record_is(find_record(recording, "\x1b[31m\n\t"), "MARK-002-END"));
    cr_expect(record_is(find_record(recording, "caf\xe9"), "MARK-003-END"));
    cr_expect(record_is(find_record(recording, "na\xef\xff"), "MARK-004-END"));
    cr_expect(record_is(find_record(recording, name), "MARK-006-END"));
    name[0] = 'n';
    cr_expect(record_is(find_record(recording, name), "MARK-005-END"));
    cr_expect(record_is(find_record(recording, "gr\xc3\xbc\xc3\x9f"), "MARK-007-END"));
    cr_expect_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
    free(name);
    silt_buffer_clear(&tar);
}

Test(hostile, hard_link_to_nowhere)
{
    struct silt_buffer tar = {0};
    size_t at = tar_header(&tar, "x", '1', 0);
    memcpy(tar.data + at + 157, "/no/../where", 12);
    tar_sum(tar.data + at);
    tar_file(&tar, "after", "MARK-000-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 0);
    const struct record *record = find_record(recording, "x");
    cr_assert_not_null(record);
    cr_expect_eq(record->kind, SILT_ENTRY_HARDLINK);
    cr_expect_eq(record->link_size, 5);
    cr_expect_eq(recording->skip_count, 0);
    recording_free(recording);
    silt_buffer_clear(&tar);
}

/* libarchive makes a list of a map's extents: 80 bytes for each ",". */
Test(hostile, sparse_map_is_bounded)
{
    struct silt_buffer tar = {0};
    struct silt_buffer map = {0};
    for (int i = 0; i < 450 * 1000; i++)
        put_text(&map, "0,");
    put_text(&map, "0");
    tar_file(&tar, "before", "MARK-000-END");
    for (int i = 0; i < 20; i++)
        tar_pax(&tar, 'x', "GNU.sparse.map", (const char *)map.data, map.size);
    tar_file(&tar, "x", "MARK-001-END");
    tar_file(&tar, "after", "MARK-002-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 2);
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_DAMAGED);
    cr_assert_not_null(skip);
    cr_expect(strstr(skip->detail, "sparse") != NULL || strstr(skip->detail, "4 MiB") != NULL, "%s",
              skip->detail);
    recording_free(recording);
    silt_buffer_clear(&map);
    silt_buffer_clear(&tar);
}

/* The same by blocks of the old GNU form. */
Test(hostile, sparse_chain_is_bounded)
{
    struct silt_buffer tar = {0};
    size_t at = tar_header(&tar, "x", 'S', 0);
    memcpy(tar.data + at + 257, "ustar  ", 8);
    memcpy(tar.data + at + 386, "00000000000", 12);
    tar.data[at + 482] = 1;
    tar_sum(tar.data + at);
    for (int i = 0; i < 20000; i++) {
        char block[512] = {0};
        for (size_t k = 0; k < 504; k += 12)
            memcpy(block + k, "00000000000", 12);
        block[504] = 1;
        put_bytes(&tar, block, sizeof block);
    }
    tar_file(&tar, "after", "MARK-000-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    expect_marks(recording, 0, 0);
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_DAMAGED);
    cr_assert_not_null(skip);
    cr_expect_not_null(strstr(skip->detail, "sparse"));
    recording_free(recording);
    silt_buffer_clear(&tar);
}

/* However often the walk must begin anew, the container is reported once. */
Test(hostile, many_errors_are_one_skip)
{
    struct silt_buffer tar = {0};
    for (int i = 0; i < 300; i++) {
        size_t at = tar_header(&tar, "x", '0', 0);
        memset(tar.data + at + 124, 0xff, 12);
        tar_sum(tar.data + at);
        tar_body(&tar, "lost", 4);
    }
    tar_file(&tar, "after", "MARK-000-END");
    tar_end(&tar);
    struct recording *recording = record_tar(&tar);
    cr_expect(record_is(find_record(recording, "after"), "MARK-000-END"));
    cr_expect_eq(recording->skip_count, 2);
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_HIDDEN);
    cr_assert_not_null(skip);
    cr_expect_eq(skip->bytes, 300 * 512);
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, zeros_that_fill_no_block_are_no_damage)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "x", "text");
    tar_end(&tar);
    put_zeros(&tar, 100);
    struct recording *recording = record_tar(&tar);
    cr_expect_eq(recording->skip_count, 0);
    recording_free(recording);
    silt_buffer_clear(&tar);
}

Test(hostile, not_a_tar_and_empty)
{
    struct silt_buffer tar = {0};
    struct recording *recording = record_tar(&tar);
    cr_expect_eq(recording->count, 0);
    cr_expect_eq(recording->skip_count, 0);
    recording_free(recording);
    put_text(&tar, "MARK-000-END, which is no tar at all");
    recording = record_tar(&tar);
    expect_marks(recording, 0, 0);
    cr_expect_not_null(find_skip(recording, SILT_SKIP_DAMAGED));
    cr_expect_eq(recording->count, 1);
    cr_expect_eq(recording->records[0].kind, SILT_ENTRY_RAW);
    recording_free(recording);
    silt_buffer_clear(&tar);
}

static void put_marked_body(struct silt_buffer *tar, int i)
{
    char body[512] = {0};
    memset(body, '.', sizeof body);
    snprintf(body, 13, "MARK-%03d-END", i);
    memcpy(body + 300, body, 12);
    tar_body(tar, body, 400);
}

static struct silt_buffer make_marked_tar(unsigned *seed)
{
    struct silt_buffer tar = {0};
    for (int i = 0; i < 30; i++) {
        const char types[] = "00000001257xgLKSDVA";
        tar_header(&tar, "name", types[(size_t)rand_r(seed) % strlen(types)], 400);
        put_marked_body(&tar, i);
    }
    tar_end(&tar);
    return tar;
}

/* What is beyond a size that the header gives is nobody's content, in however many pieces it comes. */
Test(hostile, real_size_below_the_stored_one)
{
    struct silt_buffer tar = {0};
    tar_pax(&tar, 'x', "SCHILY.realsize", "3", 1);
    tar_file(&tar, "x", "abcMARK-000-END");
    tar_end(&tar);
    for (unsigned seed = 0; seed < 8; seed++) {
        struct record_options options = {.root = SILT_WALK_TAR, .seed = seed};
        struct recording *recording = record_walk(silt_buffer_span(&tar), &options);
        cr_expect(record_is(find_record(recording, "x"), "abc"));
        expect_marks(recording, 0, 0);
        cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
        recording_free(recording);
    }
    silt_buffer_clear(&tar);
}

/* Bytes of headers changed at random: whatever libarchive makes of it, each body is seen. Each holds its
 * marker twice, for a wrong size may cut one in two. */
Test(hostile, random_damage_loses_nothing)
{
    for (unsigned seed = 1; seed <= 150; seed++) {
        unsigned random = seed * 7919;
        struct silt_buffer tar = make_marked_tar(&random);
        for (int i = 0; i < 12; i++) {
            size_t at = (size_t)(rand_r(&random) % 30) * 1024;
            size_t field =
                (size_t[]){124, 124, 135, 148, 156, 157, 257, 345, 386, 482, 483, 0}[rand_r(&random) % 12];
            tar.data[at + field + (size_t)rand_r(&random) % 11] =
                (uint8_t)("01234567\200\377\0 -x/"[rand_r(&random) % 15]);
            if (rand_r(&random) % 5 != 0)
                tar_sum(tar.data + at);
        }
        struct record_options options = {.root = SILT_WALK_TAR, .seed = seed % 2};
        struct recording *recording = record_walk(silt_buffer_span(&tar), &options);
        cr_expect_eq(recording->status, SILT_END);
        expect_marks(recording, 0, 29);
        recording_free(recording);
        silt_buffer_clear(&tar);
    }
}

/* A failure of the root stream comes last, behind everything that came before it. */
Test(hostile, failing_root)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "a", "MARK-000-END");
    tar_header(&tar, "b", '0', 100 * 1000);
    put_text(&tar, "MARK-001-END");
    struct record_options options = {.root = SILT_WALK_TAR, .seed = 7, .failure = SILT_ERR_IO};
    struct recording *recording = record_walk(silt_buffer_span(&tar), &options);
    expect_marks(recording, 0, 1);
    cr_expect_eq(recording->status, SILT_ERR_IO);
    recording_free(recording);
    options.failure = SILT_ERR_CANCELLED;
    recording = record_walk(silt_buffer_span(&tar), &options);
    cr_expect_eq(recording->status, SILT_ERR_CANCELLED);
    recording_free(recording);
    silt_buffer_clear(&tar);
}
