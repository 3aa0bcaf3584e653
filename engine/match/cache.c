/*
 * cache.c: database files: found with suspicion, written whole or not at all.
 */
#include "match/cache.h"

#include "base/error.h"
#include "base/hex.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_BYTES = 8, FILE_SIZE_MAX = 512 << 20 };

static enum silt_status io_failed(const char *path, struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_IO, "%s: %s", path, strerror(errno));
}

static enum silt_status name_file(const char *dir, enum silt_level level, const struct silt_digest *key,
                                  char path[PATH_MAX], struct silt_error *error)
{
    char hex[2 * KEY_BYTES + 1];
    silt_hex_print(silt_span_of(key->bytes, KEY_BYTES), hex);
    int size = snprintf(path, PATH_MAX, "%s/%s-%s.hsdb", dir, silt_database_level_name(level), hex);
    /* room for what mkstemp adds */
    if (size < 0 || size > PATH_MAX - 16)
        return silt_error_set(error, SILT_ERR_USAGE, "%.100s…: path too long", dir);
    return SILT_OK;
}

/* The code in a database runs in Hyperscan's engines without further checks, so nobody else may write it. */
static bool is_trusted(const struct stat *info, enum silt_cache_trust trust)
{
    if (!S_ISREG(info->st_mode) || info->st_size > FILE_SIZE_MAX)
        return false;
    if (trust == SILT_CACHE_INSTALLED)
        return true;
    return (info->st_uid == geteuid() || info->st_uid == 0) && (info->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static enum silt_status read_file(int fd, size_t size, struct silt_buffer *out, struct silt_error *error)
{
    enum silt_status status = silt_buffer_reserve(out, size, error);
    while (status == SILT_OK && out->size < size) {
        ssize_t got = read(fd, out->data + out->size, size - out->size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        out->size += (size_t)got;
    }
    return status;
}

enum silt_status silt_cache_find(const char *dir, enum silt_cache_trust trust, enum silt_level level,
                                 const struct silt_digest *key, hs_database_t **out, struct silt_error *error)
{
    char path[PATH_MAX];
    struct stat info;
    struct silt_buffer bytes = {0};
    enum silt_status status = name_file(dir, level, key, path, error);
    if (status != SILT_OK)
        return status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (trust == SILT_CACHE_OWN ? O_NOFOLLOW : 0));
    if (fd < 0)
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (fstat(fd, &info) != 0 || !is_trusted(&info, trust))
        status = silt_error_set(error, SILT_ERR_NOT_FOUND, "%s: not written by this user", path);
    if (status == SILT_OK)
        status = read_file(fd, (size_t)info.st_size, &bytes, error);
    close(fd);
    if (status == SILT_OK)
        status = silt_database_parse(silt_buffer_span(&bytes), level, key, out, error);
    silt_buffer_clear(&bytes);
    return status == SILT_ERR_CORRUPT ? SILT_ERR_NOT_FOUND : status;
}

static enum silt_status make_directory(const char *dir, struct silt_error *error)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s", dir) >= (int)sizeof path)
        return silt_error_set(error, SILT_ERR_USAGE, "%.100s…: path too long", dir);
    for (char *p = path + 1; path[0] != '\0' && *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return io_failed(path, error);
        *p = '/';
    }
    return mkdir(path, 0700) != 0 && errno != EEXIST ? io_failed(path, error) : SILT_OK;
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

enum silt_status silt_cache_put(const char *dir, unsigned mode, enum silt_level level,
                                const struct silt_digest *key, const hs_database_t *database,
                                struct silt_error *error)
{
    char path[PATH_MAX];
    struct silt_buffer bytes = {0};
    enum silt_status status = name_file(dir, level, key, path, error);
    if (status == SILT_OK)
        status = make_directory(dir, error);
    if (status == SILT_OK)
        status = silt_database_print(database, level, key, &bytes, error);
    if (status == SILT_OK)
        status = write_file(path, mode, silt_buffer_span(&bytes), error);
    silt_buffer_clear(&bytes);
    return status;
}
