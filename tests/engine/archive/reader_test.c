/* What libarchive 3.6.2 does to its caller, and how the reader keeps it harmless. Found by fuzzing. */
#include "recorder.h"

#include <errno.h>

static void put_many(struct silt_buffer *out, char c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(silt_buffer_append(out, silt_span_of(&c, 1), NULL), SILT_OK);
}

/* One stored file (APPNOTE 4.3.7) whose name ends within a UTF-8 character: mbrtowc leaves errno alone then.
 */
static void put_zip(struct silt_buffer *out)
{
    static const uint8_t head[30] = {'P', 'K', 3, 4, 20, [18] = 4, [22] = 4, [26] = 2};
    cr_assert_eq(silt_buffer_append(out, silt_span_of(head, sizeof head), NULL), SILT_OK);
    put_text(out, "a\xc3"
                  "text");
}

/* libarchive calls exit(1) for a name that does not convert while errno is ENOMEM. */
Test(reader, a_bad_name_after_a_failed_allocation)
{
    struct silt_buffer zip = {0};
    put_zip(&zip);
    const struct silt_walk_limits limits = {8, 0, 1000, UINT64_C(256) << 20};
    const struct silt_report report = {0};
    struct silt_walk *walk;
    struct silt_stream *stream;
    struct silt_entry entry;
    cr_assert_eq(silt_memory_open(silt_buffer_span(&zip), &stream, NULL), SILT_OK);
    cr_assert_eq(silt_walk_new(&limits, &report, &walk, NULL), SILT_OK);
    const struct silt_walk_source source = {.stream = stream, .root = SILT_WALK_FILE};
    cr_assert_eq(silt_walk_open(walk, &source, NULL), SILT_OK);
    int files = 0;
    for (errno = ENOMEM; silt_walk_next(walk, &entry, NULL) == SILT_OK; errno = ENOMEM)
        files += entry.kind == SILT_ENTRY_FILE && entry.size == 4;
    cr_expect_eq(files, 1);
    silt_walk_free(walk);
    silt_stream_free(stream);
    silt_buffer_clear(&zip);
}

/* A header that wants a name of more than a gigabyte: the reader stops at 4 MiB, and every byte, those that
 * it held already as well, is matched raw. */
static void expect_all(const char *header, const char *name)
{
    enum { BODY = 24 << 20 };
    struct silt_buffer bytes = {0};
    cr_assert_eq(silt_buffer_reserve(&bytes, BODY + 1024, NULL), SILT_OK);
    put_text(&bytes, header);
    put_text(&bytes, "MARK-000-END\n");
    put_many(&bytes, 'x', BODY);
    put_text(&bytes, "MARK-001-END\n");
    struct recording *recording = record_file(silt_buffer_span(&bytes), name);
    cr_expect(has_marker(recording, "MARK-000-END"));
    cr_expect(has_marker(recording, "MARK-001-END"));
    cr_expect_gt(recording->skip_count, 0);
    recording_free(recording);
    silt_buffer_clear(&bytes);
}

Test(reader, a_cpio_name_of_gigabytes)
{
    char header[128];
    snprintf(header, sizeof header, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1, 0100644,
             0, 0, 1, 0, 4, 0, 0, 0, 0, 0xa0000002u, 0);
    expect_all(header, "x.cpio");
}

Test(reader, an_ar_name_table_of_a_gigabyte)
{
    char header[128];
    snprintf(header, sizeof header, "!<arch>\n%-16s%-12d%-6d%-6d%-8s%-10d`\n", "//", 0, 0, 0, "100644",
             1 << 30);
    expect_all(header, "x.ar");
}
