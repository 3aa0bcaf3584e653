/*
 * A tap passes bytes on as they are, and knows the checksums of a file that has hits, however it is read.
 */
#include "scan/tap.h"
#include "stream/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { LARGE = 6 * 1024 * 1024 };

static struct silt_checksums sums_of(struct silt_span bytes)
{
    struct silt_summer *summer;
    struct silt_checksums sums = {0};
    cr_assert_eq(silt_summer_new(&summer, NULL), SILT_OK);
    silt_summer_put(summer, bytes);
    silt_summer_take(summer, &sums);
    silt_summer_free(summer);
    return sums;
}

struct fixture {
    struct silt_tap *tap;
    struct silt_result *result;
    struct silt_stream *inner, *stream;
    struct silt_span bytes;
};

static struct fixture start(struct silt_span bytes)
{
    struct fixture fixture = {.bytes = bytes};
    cr_assert_eq(silt_tap_new(&fixture.tap, NULL), SILT_OK);
    cr_assert_eq(silt_result_new(&fixture.result, NULL), SILT_OK);
    cr_assert_eq(silt_memory_open(bytes, &fixture.inner, NULL), SILT_OK);
    fixture.stream = fixture.inner;
    cr_assert_eq(silt_tap_open(fixture.tap, silt_span_text("usr/a"), fixture.result, &fixture.stream, NULL),
                 SILT_OK);
    return fixture;
}

/* Reads up to an offset, in steps, and compares what comes. */
static void read_to(struct fixture *fixture, size_t end, size_t step)
{
    while (fixture->stream->offset < end) {
        struct silt_span seen;
        size_t at = (size_t)fixture->stream->offset;
        cr_assert_eq(silt_stream_peek(fixture->stream, 1, &seen, NULL), SILT_OK);
        size_t size = seen.size < step ? seen.size : step;
        size = size < end - at ? size : end - at;
        cr_assert_eq(memcmp(seen.data, fixture->bytes.data + at, size), 0);
        silt_stream_consume(fixture->stream, size);
    }
}

static void read_all(struct fixture *fixture, size_t step)
{
    read_to(fixture, fixture->bytes.size, step);
    struct silt_span seen;
    cr_assert_eq(silt_stream_peek(fixture->stream, 1, &seen, NULL), SILT_END);
}

/* Closes, and says whether the sums that were wanted are known and right. */
static bool finish(struct fixture *fixture, const struct silt_checksums *wanted)
{
    struct silt_checksums sums = sums_of(fixture->bytes);
    cr_assert_eq(silt_tap_close(fixture->tap, NULL), SILT_OK);
    bool is_known = wanted != NULL && wanted->is_known;
    if (is_known) {
        cr_expect_arr_eq(wanted->md5, sums.md5, sizeof sums.md5);
        cr_expect_arr_eq(wanted->sha1, sums.sha1, sizeof sums.sha1);
        cr_expect_arr_eq(wanted->sha256, sums.sha256, sizeof sums.sha256);
    }
    silt_stream_free(fixture->stream);
    silt_stream_free(fixture->inner);
    silt_tap_free(fixture->tap);
    silt_result_free(fixture->result);
    return is_known;
}

static struct silt_span large(void)
{
    static uint8_t bytes[LARGE];
    for (size_t i = 0; i < LARGE; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    return silt_span_of(bytes, LARGE);
}

Test(tap, an_archive_with_a_hit_anywhere_in_its_first_megabytes)
{
    static const size_t hits[] = {0, 1, 100000, 4 * 1024 * 1024};
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++) {
        struct fixture fixture = start(large());
        read_to(&fixture, hits[i], 70000);
        const struct silt_checksums *wanted = silt_tap_want(fixture.tap, NULL);
        cr_expect_eq(silt_tap_want(fixture.tap, NULL), wanted);
        read_all(&fixture, 70000);
        cr_expect(finish(&fixture, wanted), "%zu", hits[i]);
    }
}

/* A decoder may have read the end before what it decoded is matched. */
Test(tap, a_hit_after_the_end)
{
    struct fixture fixture = start(silt_span_slice(large(), 0, 5000));
    read_all(&fixture, 1000);
    cr_expect(finish(&fixture, silt_tap_want(fixture.tap, NULL)));
}

Test(tap, a_hit_too_late)
{
    struct fixture fixture = start(large());
    read_to(&fixture, 4 * 1024 * 1024 + 1, 70000);
    const struct silt_checksums *wanted = silt_tap_want(fixture.tap, NULL);
    read_all(&fixture, 70000);
    cr_expect_not(finish(&fixture, wanted));
}

Test(tap, plain_content_begins_with_what_is_at_hand)
{
    static const size_t taken[] = {0, 1, 1000000};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        struct fixture fixture = start(large());
        silt_tap_expect_plain(fixture.tap);
        read_to(&fixture, taken[i], 4096);
        const struct silt_span at_hand = silt_span_slice(fixture.bytes, 0, taken[i]);
        const struct silt_checksums *wanted = silt_tap_want(fixture.tap, &at_hand);
        read_all(&fixture, 4096);
        cr_expect(finish(&fixture, wanted), "%zu", taken[i]);
    }
}

Test(tap, plain_content_that_is_not_at_hand)
{
    struct fixture fixture = start(large());
    silt_tap_expect_plain(fixture.tap);
    read_to(&fixture, 2000000, 4096);
    const struct silt_span at_hand = silt_span_slice(fixture.bytes, 0, 1999999);
    const struct silt_checksums *wanted = silt_tap_want(fixture.tap, &at_hand);
    read_all(&fixture, 4096);
    cr_expect_not(finish(&fixture, wanted));
}

Test(tap, a_file_that_was_not_read_to_its_end)
{
    struct fixture fixture = start(large());
    const struct silt_checksums *wanted = silt_tap_want(fixture.tap, NULL);
    read_to(&fixture, LARGE - 1, 70000);
    cr_expect_not(finish(&fixture, wanted));
}

/* Sums begun for one file are not the next one's. */
Test(tap, one_file_after_another)
{
    struct fixture fixture = start(silt_span_text("first"));
    (void)silt_tap_want(fixture.tap, NULL);
    read_to(&fixture, 3, 3);
    struct silt_stream *other, *stream;
    cr_assert_eq(silt_memory_open(silt_span_text("second"), &other, NULL), SILT_OK);
    stream = other;
    cr_assert_eq(silt_tap_open(fixture.tap, silt_span_text("b"), fixture.result, &stream, NULL), SILT_OK);
    silt_stream_free(fixture.inner);
    fixture.inner = other;
    fixture.stream = stream;
    fixture.bytes = silt_span_text("second");
    const struct silt_checksums *wanted = silt_tap_want(fixture.tap, NULL);
    read_all(&fixture, 4);
    cr_expect(finish(&fixture, wanted));
}

Test(tap, nothing_is_wanted_where_no_file_is_open)
{
    struct fixture fixture = start(silt_span_text("x"));
    cr_assert_eq(silt_tap_close(fixture.tap, NULL), SILT_OK);
    cr_expect_null(silt_tap_want(fixture.tap, NULL));
    cr_expect_not(finish(&fixture, NULL));
    silt_tap_free(NULL);
}

Test(tap, package_records_are_read)
{
    struct fixture fixture = start(silt_span_text("x"));
    struct silt_span record = silt_span_text("Package: a\nVersion: 1\n");
    struct silt_stream *inner, *stream;
    cr_expect_null(fixture.result->packages);
    cr_assert_eq(silt_memory_open(record, &inner, NULL), SILT_OK);
    stream = inner;
    cr_assert_eq(
        silt_tap_open(fixture.tap, silt_span_text("var/lib/dpkg/status"), fixture.result, &stream, NULL),
        SILT_OK);
    cr_assert_eq(silt_stream_drain(stream, NULL), SILT_OK);
    cr_assert_eq(silt_tap_close(fixture.tap, NULL), SILT_OK);
    cr_assert_not_null(fixture.result->packages);
    const struct silt_package_name *name = silt_array_at(&fixture.result->packages->names, 0);
    cr_expect_str_eq(name->name, "a");
    cr_expect_str_eq(name->version, "1");
    silt_stream_free(inner);
    cr_expect_not(finish(&fixture, NULL));
}
