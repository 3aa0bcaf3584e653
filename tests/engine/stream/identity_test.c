/*
 * The identity of what a stream reads changes with the file and the piece, and with nothing else.
 */
#include "stream/identity.h"

#include "stream/file.h"
#include "stream/memory.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[64];
static int fd;

static void make_file(void)
{
    snprintf(path, sizeof path, "/tmp/silt-identity-XXXXXX");
    fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, "0123456789", 10), 10);
    cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
}

static void remove_file(void)
{
    close(fd);
    unlink(path);
}

TestSuite(identity, .init = make_file, .fini = remove_file);

static struct silt_identity identify_range(uint64_t offset, uint64_t size)
{
    struct silt_stream *stream;
    struct silt_identity identity;
    cr_assert_eq(silt_file_open_range(fd, offset, size, &stream, NULL), SILT_OK);
    cr_assert(silt_identity_of(stream, &identity));
    silt_stream_free(stream);
    return identity;
}

Test(identity, reading_does_not_change_it)
{
    struct silt_stream *stream;
    struct silt_identity before, after;
    cr_assert_eq(silt_file_open(fd, &stream, NULL), SILT_OK);
    cr_assert(silt_identity_of(stream, &before));
    cr_assert_eq(silt_stream_drain(stream, NULL), SILT_OK);
    cr_assert(silt_identity_of(stream, &after));
    cr_expect(silt_identity_equal(&before, &after));
    cr_expect_eq(before.size, 10);
    struct silt_identity range = identify_range(0, 10);
    cr_expect(silt_identity_equal(&before, &range));
    silt_stream_free(stream);
}

Test(identity, pieces_and_changes_tell_apart)
{
    struct silt_identity first = identify_range(0, 5), second = identify_range(1, 5),
                         longer = identify_range(0, 6);
    cr_expect_not(silt_identity_equal(&first, &second));
    cr_expect_not(silt_identity_equal(&first, &longer));
    const struct timespec times[2] = {{1000, 0}, {1000, 1}};
    cr_assert_eq(futimens(fd, times), 0);
    struct silt_identity changed = identify_range(0, 5);
    cr_expect_not(silt_identity_equal(&first, &changed));
}

/* Setting mtime back does not help whoever wants to hide a change: ctime is the kernel's. */
Test(identity, only_old_files_are_settled)
{
    struct silt_identity identity = identify_range(0, 10);
    cr_expect_not(silt_identity_is_settled(&identity));
    const struct timespec times[2] = {{1000, 0}, {1000, 0}};
    cr_assert_eq(futimens(fd, times), 0);
    identity = identify_range(0, 10);
    cr_expect_not(silt_identity_is_settled(&identity));
    identity.changed_s -= 3;
    cr_expect(silt_identity_is_settled(&identity));
    identity.modified_s = INT64_MAX;
    cr_expect_not(silt_identity_is_settled(&identity));
}

Test(identity, what_is_no_file_has_none)
{
    struct silt_stream *stream;
    struct silt_identity identity;
    int ends[2];
    cr_assert_eq(silt_memory_open(silt_span_text("x"), &stream, NULL), SILT_OK);
    cr_expect_not(silt_identity_of(stream, &identity));
    silt_stream_free(stream);
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(silt_file_open(ends[0], &stream, NULL), SILT_OK);
    cr_expect_not(silt_identity_of(stream, &identity));
    silt_stream_free(stream);
    close(ends[0]);
    close(ends[1]);
}
