/*
 * fixture.h: temporary directories, files and tars written by hand, for the tests of sources and images.
 */
#ifndef TESTS_ENGINE_SOURCE_FIXTURE_H
#define TESTS_ENGINE_SOURCE_FIXTURE_H

#include "base/buffer.h"
#include "source/source.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The test's own directory: made by fixture_begin, removed by fixture_end. */
static char fixture_dir[64];

static inline void fixture_begin(void)
{
    strcpy(fixture_dir, "/tmp/silt-test-XXXXXX");
    cr_assert_not_null(mkdtemp(fixture_dir));
}

static inline int fixture_remove(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info, (void)kind, (void)place;
    return remove(path);
}

static inline void fixture_end(void)
{
    nftw(fixture_dir, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path below the directory; valid until eight more were asked for. */
static inline const char *fixture_path(const char *format, ...)
{
    static char paths[8][1024];
    static unsigned next;
    char *path = paths[next++ % 8];
    int used = snprintf(path, 1024, "%s/", fixture_dir);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path + used, 1024 - (size_t)used, format, arguments);
    va_end(arguments);
    return path;
}

/* Writes a file; the directories above it are made. */
static inline void fixture_write(const char *path, struct silt_span bytes)
{
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", path);
    for (char *p = strchr(copy + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
        *p = '\0';
        mkdir(copy, 0777);
        *p = '/';
    }
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file, "%s", path);
    if (bytes.size > 0)
        cr_assert_eq(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
}

static inline void fixture_write_text(const char *path, const char *text)
{
    fixture_write(path, silt_span_text(text));
}

static inline void tar_number(char *field, size_t size, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%0*llo", (int)size - 1, (unsigned long long)value);
    memcpy(field, text + strlen(text) - (size - 1), size - 1);
}

static inline void tar_checksum(uint8_t *block)
{
    unsigned sum = 0;
    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += block[i];
    snprintf((char *)block + 148, 8, "%06o", sum);
}

/* Appends a header that says `size`. */
static inline void tar_header(struct silt_buffer *tar, char type, const char *name, const char *link,
                              uint64_t size)
{
    uint8_t block[512] = {0};
    size_t length = strlen(name);
    memcpy(block, name, length < 100 ? length : 100);
    memcpy(block + 100, "0000644", 7);
    tar_number((char *)block + 124, 12, size);
    block[156] = (uint8_t)type;
    memcpy(block + 157, link, strnlen(link, 100));
    memcpy(block + 257,
           "ustar\0"
           "00",
           8);
    tar_checksum(block);
    cr_assert_eq(silt_buffer_append(tar, silt_span_of(block, 512), NULL), SILT_OK);
}

static inline void tar_data(struct silt_buffer *tar, struct silt_span bytes)
{
    static const uint8_t zeros[512];
    cr_assert_eq(silt_buffer_append(tar, bytes, NULL), SILT_OK);
    cr_assert_eq(silt_buffer_append(tar, silt_span_of(zeros, (512 - bytes.size % 512) % 512), NULL), SILT_OK);
}

static inline void tar_file(struct silt_buffer *tar, const char *name, struct silt_span bytes)
{
    tar_header(tar, '0', name, "", bytes.size);
    tar_data(tar, bytes);
}

static inline void tar_text(struct silt_buffer *tar, const char *name, const char *text)
{
    tar_file(tar, name, silt_span_text(text));
}

/* Appends an extended header ('x', 'L', 'K'). */
static inline void tar_extended(struct silt_buffer *tar, char type, const char *text, size_t size)
{
    tar_header(tar, type, "extended", "", size);
    tar_data(tar, silt_span_of(text, size));
}

static inline void tar_end(struct silt_buffer *tar)
{
    static const uint8_t zeros[1024];
    cr_assert_eq(silt_buffer_append(tar, silt_span_of(zeros, sizeof zeros), NULL), SILT_OK);
}

/* Reads a stream to its end and frees it; answers how it ended (END if all is well). */
static inline enum silt_status stream_read(struct silt_stream *stream, struct silt_buffer *out)
{
    enum silt_status status;
    struct silt_span bytes;
    out->size = 0;
    while ((status = silt_stream_peek(stream, 1, &bytes, NULL)) == SILT_OK) {
        cr_assert_eq(silt_buffer_append(out, bytes, NULL), SILT_OK);
        silt_stream_consume(stream, bytes.size);
    }
    silt_stream_free(stream);
    return status;
}

/* Opens a target by its text; NULL with the error filled if it cannot be. */
static inline struct silt_source *source_of(const char *text, struct silt_error *error)
{
    struct silt_target target;
    struct silt_source *source = NULL;
    const struct silt_source_options options = {.stdin_fd = STDIN_FILENO};
    if (silt_target_parse(text, &target, error) != SILT_OK)
        return NULL;
    if (silt_source_open(&target, &options, &source, error) != SILT_OK)
        source = NULL;
    silt_target_clear(&target);
    return source;
}

/* The content of a named blob is as expected. */
static inline void expect_blob(struct silt_source *source, const char *name, const char *text)
{
    struct silt_stream *stream;
    struct silt_error error = {0};
    struct silt_buffer bytes = {0};
    uint64_t size;
    cr_assert_eq(source->ops->find(source, name, &stream, &size, &error), SILT_OK, "%s", error.message);
    cr_expect_eq(size, strlen(text));
    cr_expect_eq(stream_read(stream, &bytes), SILT_END);
    cr_expect(silt_span_is_text(silt_buffer_span(&bytes), text), "%s", name);
    silt_buffer_clear(&bytes);
}

/* Everything that `next` hands out as one text: "name=content;" or "name!reason;" in order. */
static inline char *list_blobs(struct silt_source *source)
{
    struct silt_buffer out = {0};
    struct silt_blob blob;
    struct silt_error error = {0};
    enum silt_status status;
    while ((status = source->ops->next(source, &blob, &error)) == SILT_OK) {
        char sign[32];
        snprintf(sign, sizeof sign, "!%d", blob.skip != NULL ? (int)blob.skip->reason : -1);
        cr_assert_eq(silt_buffer_append(&out, blob.name, NULL), SILT_OK);
        cr_assert_eq(silt_buffer_append(&out, silt_span_text(blob.skip != NULL ? sign : "="), NULL), SILT_OK);
        struct silt_span bytes;
        while (blob.content != NULL && silt_stream_peek(blob.content, 1, &bytes, NULL) == SILT_OK) {
            cr_assert_eq(silt_buffer_append(&out, bytes, NULL), SILT_OK);
            silt_stream_consume(blob.content, bytes.size);
        }
        cr_assert_eq(silt_buffer_append(&out, silt_span_text(";"), NULL), SILT_OK);
    }
    cr_expect_eq(status, SILT_END, "%s", error.message);
    cr_assert_eq(silt_buffer_append(&out, silt_span_of("", 1), NULL), SILT_OK);
    return (char *)out.data;
}

static inline void expect_blobs(struct silt_source *source, const char *expected)
{
    char *list = list_blobs(source);
    cr_expect_str_eq(list, expected);
    free(list);
}

#endif
