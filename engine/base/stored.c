/*
 * stored.c: found with suspicion, written whole or not at all.
 *
 * The checksum is no SHA-256, which at start would take 2 ms for the 3 MB of files that are read then, and 7
 * on a processor without SHA instructions; this takes 0.3.
 */
#include "base/stored.h"

#include "base/buffer.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_SIZE_MAX = 512 << 20 };

/* Fletcher's sums as ZFS has them (fletcher4): each the sum of the one before. */
struct checksum {
    uint64_t sums[4];
};

struct head {
    char kind[16];
    struct checksum checksum; /* of all that follows, to the end of the file */
    struct silt_digest key;
};

static enum silt_status io_failed(const char *path, struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_IO, "%s: %s", path, strerror(errno));
}

static enum silt_status no_use(const char *path, const char *why, struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_NOT_FOUND, "%s: %s", path, why);
}

/* The code in a database runs in Hyperscan's engines without further checks, so nobody else may write it. */
static bool is_trusted(const struct stat *info, enum silt_stored_trust trust)
{
    if (!S_ISREG(info->st_mode) || info->st_size > FILE_SIZE_MAX)
        return false;
    if (trust == SILT_STORED_INSTALLED)
        return true;
    return (info->st_uid == geteuid() || info->st_uid == 0) && (info->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Fills the region; false where the file ends early or cannot be read. */
static bool read_all(int fd, const struct silt_region *out)
{
    for (size_t done = 0; done < out->size;) {
        ssize_t got = read(fd, out->data + done, out->size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static enum silt_status read_open(int fd, const char *path, enum silt_stored_trust trust,
                                  struct silt_region *out, struct silt_error *error)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !is_trusted(&info, trust))
        return no_use(path, "not a file that this user wrote", error);
    enum silt_status status = silt_region_take((size_t)info.st_size, out, error);
    if (status == SILT_OK && !read_all(fd, out))
        status = no_use(path, "cannot be read to its end", error);
    return status;
}

static void add(struct checksum *checksum, uint32_t word)
{
    uint64_t *sums = checksum->sums;
    sums[0] += word;
    sums[1] += sums[0];
    sums[2] += sums[1];
    sums[3] += sums[2];
}

/* The checksum that belongs to the bytes behind it; words that are missing at the end are zero. */
static struct checksum sum(struct silt_span file)
{
    struct silt_span bytes = silt_span_slice(file, offsetof(struct head, key), file.size);
    struct checksum checksum = {{bytes.size}};
    uint32_t word = 0;
    size_t whole = bytes.size - bytes.size % sizeof word;
    for (size_t i = 0; i < whole; i += sizeof word) {
        memcpy(&word, bytes.data + i, sizeof word);
        add(&checksum, word);
    }
    word = 0;
    memcpy(&word, bytes.data + whole, bytes.size - whole);
    add(&checksum, word);
    return checksum;
}

static enum silt_status check_label(const struct silt_region *file, const struct silt_stored_label *label,
                                    const char *path, struct silt_error *error)
{
    struct head head;
    if (file->size < sizeof head)
        return no_use(path, "shorter than its head", error);
    memcpy(&head, file->data, sizeof head);
    if (memcmp(head.kind, label->kind, sizeof head.kind) != 0 || !silt_digest_equal(&head.key, &label->key))
        return no_use(path, "made from something else", error);
    struct checksum checksum = sum(silt_region_span(file));
    if (memcmp(&head.checksum, &checksum, sizeof checksum) != 0)
        return no_use(path, "does not have the checksum that it claims", error);
    return SILT_OK;
}

enum silt_status silt_stored_read(const char *path, enum silt_stored_trust trust,
                                  const struct silt_stored_label *label, struct silt_region *out,
                                  struct silt_error *error)
{
    struct silt_region file = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (trust == SILT_STORED_OWN ? O_NOFOLLOW : 0));
    if (fd < 0)
        return no_use(path, strerror(errno), error);
    enum silt_status status = read_open(fd, path, trust, &file, error);
    close(fd);
    if (status == SILT_OK)
        status = check_label(&file, label, path, error);
    if (status != SILT_OK) {
        silt_region_clear(&file);
        return status;
    }
    *out = file;
    return SILT_OK;
}

struct silt_span silt_stored_body(const struct silt_region *file)
{
    return silt_span_slice(silt_region_span(file), sizeof(struct head), file->size);
}

/* Makes what stands before each slash of a path. */
static enum silt_status make_directories(const char *path, struct silt_error *error)
{
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return silt_error_set(error, SILT_ERR_USAGE, "%.100s…: path too long", path);
    for (char *p = part; *p != '\0'; p++) {
        if (*p != '/' || p == part)
            continue;
        *p = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return io_failed(part, error);
        *p = '/';
    }
    return SILT_OK;
}

static enum silt_status write_all(int fd, struct silt_span bytes, const char *path, struct silt_error *error)
{
    while (bytes.size > 0) {
        ssize_t put = write(fd, bytes.data, bytes.size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return io_failed(path, error);
        bytes = silt_span_slice(bytes, (size_t)put, bytes.size);
    }
    return SILT_OK;
}

/* A new file takes the name at once; whoever has the old one open keeps it. */
static enum silt_status write_file(const char *path, unsigned mode, struct silt_span bytes,
                                   struct silt_error *error)
{
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return silt_error_set(error, SILT_ERR_USAGE, "%.100s…: path too long", path);
    int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return io_failed(path, error);
    enum silt_status status = write_all(fd, bytes, path, error);
    if (status == SILT_OK && fchmod(fd, mode) != 0)
        status = io_failed(path, error);
    if (close(fd) != 0 && status == SILT_OK)
        status = io_failed(path, error);
    if (status == SILT_OK && rename(temporary, path) != 0)
        status = io_failed(path, error);
    if (status != SILT_OK)
        unlink(temporary);
    return status;
}

enum silt_status silt_stored_write(const char *path, unsigned mode, const struct silt_stored_label *label,
                                   struct silt_span body, struct silt_error *error)
{
    struct head head = {.key = label->key};
    struct silt_buffer file = {0};
    memcpy(head.kind, label->kind, sizeof head.kind);
    enum silt_status status = make_directories(path, error);
    if (status == SILT_OK)
        status = silt_buffer_append(&file, silt_span_of(&head, sizeof head), error);
    if (status == SILT_OK)
        status = silt_buffer_append(&file, body, error);
    if (status == SILT_OK) {
        head.checksum = sum(silt_buffer_span(&file));
        memcpy(file.data, &head, sizeof head);
        status = write_file(path, mode, silt_buffer_span(&file), error);
    }
    silt_buffer_clear(&file);
    return status;
}
