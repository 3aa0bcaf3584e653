/*
 * json_files.c: a directory's *.json files, listed and read.
 */
#include "signature/json_files.h"

#include "base/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file is text that people write. 8 MiB is some eight thousand signatures. */
enum { FILE_SIZE_MAX = 8 << 20, PIECE = 64 << 10 };

enum silt_status silt_json_files_failed(const char *path, struct silt_error *error)
{
    enum silt_status status = errno == ENOENT || errno == ENOTDIR ? SILT_ERR_NOT_FOUND : SILT_ERR_IO;
    return silt_error_set(error, status, "%s: %s", path, strerror(errno));
}

static int is_signature_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && silt_span_has_suffix(silt_span_text(entry->d_name), ".json");
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum silt_status put_path(struct silt_array *paths, const char *directory, const char *name,
                                 struct silt_error *error)
{
    char **path = silt_array_put(paths);
    if (path == NULL)
        return silt_error_memory(error);
    if (asprintf(path, "%s/%s", directory, name) >= 0)
        return SILT_OK;
    paths->count--; /* what asprintf left there is nobody's */
    return silt_error_memory(error);
}

enum silt_status silt_json_files_list(const char *directory, struct silt_array *out, struct silt_error *error)
{
    struct dirent **names = NULL;
    *out = (struct silt_array){.item_size = sizeof(char *)};
    int count = scandir(directory, &names, is_signature_file, compare_names);
    if (count < 0)
        return silt_json_files_failed(directory, error);
    enum silt_status status = SILT_OK;
    for (int i = 0; i < count; i++) {
        if (status == SILT_OK)
            status = put_path(out, directory, names[i]->d_name, error);
        free(names[i]);
    }
    free(names);
    return status;
}

void silt_json_files_clear(struct silt_array *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(*(char **)silt_array_at(paths, i));
    silt_array_clear(paths);
}

static enum silt_status open_file(const char *path, int *out, struct silt_error *error)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return silt_json_files_failed(path, error);
    enum silt_status status = SILT_OK;
    if (fstat(fd, &info) != 0)
        status = silt_json_files_failed(path, error);
    else if (!S_ISREG(info.st_mode))
        status = silt_error_set(error, SILT_ERR_USAGE, "%s: not a file", path);
    *out = status == SILT_OK ? fd : -1;
    if (status != SILT_OK)
        close(fd);
    return status;
}

/* Reads up to `room` bytes; a size of 0 is the end. */
static enum silt_status read_some(int fd, const char *path, void *data, size_t room, size_t *size,
                                  struct silt_error *error)
{
    ssize_t got;
    do
        got = read(fd, data, room);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return silt_json_files_failed(path, error);
    *size = (size_t)got;
    return SILT_OK;
}

static enum silt_status read_all(int fd, const char *path, struct silt_buffer *out, struct silt_error *error)
{
    for (;;) {
        size_t got = 0;
        enum silt_status status = silt_buffer_reserve(out, out->size + PIECE, error);
        if (status == SILT_OK)
            status = read_some(fd, path, out->data + out->size, out->capacity - out->size, &got, error);
        if (status != SILT_OK || got == 0)
            return status;
        out->size += got;
        if (out->size > FILE_SIZE_MAX)
            return silt_error_set(error, SILT_ERR_LIMIT, "%s: larger than %d bytes", path, FILE_SIZE_MAX);
    }
}

enum silt_status silt_json_files_read(const char *path, struct silt_buffer *out, struct silt_error *error)
{
    int fd;
    enum silt_status status = open_file(path, &fd, error);
    if (status != SILT_OK)
        return status;
    status = read_all(fd, path, out, error);
    close(fd);
    return status;
}

/* In pieces that stay in the processor's cache. */
static enum silt_status hash_bytes(int fd, const char *path, struct silt_hasher *hasher,
                                   struct silt_error *error)
{
    uint8_t piece[PIECE];
    size_t got = 0;
    do {
        enum silt_status status = read_some(fd, path, piece, sizeof piece, &got, error);
        if (status != SILT_OK)
            return status;
        silt_hasher_put(hasher, silt_span_of(piece, got));
    } while (got > 0);
    return SILT_OK;
}

/* Name and NUL, then the digest of the bytes: no two directories give the same row of these. */
static enum silt_status hash_file(const char *path, struct silt_hasher *files, struct silt_hasher *bytes,
                                  struct silt_error *error)
{
    int fd;
    struct silt_digest digest;
    const char *name = strrchr(path, '/') + 1;
    enum silt_status status = open_file(path, &fd, error);
    if (status != SILT_OK)
        return status;
    status = hash_bytes(fd, path, bytes, error);
    close(fd);
    silt_hasher_take(bytes, &digest);
    silt_hasher_put(files, silt_span_of(name, strlen(name) + 1));
    silt_hasher_put(files, silt_span_of(&digest, sizeof digest));
    return status;
}

enum silt_status silt_json_files_hash(const char *directory, struct silt_hasher *hasher,
                                      struct silt_error *error)
{
    struct silt_array paths;
    struct silt_hasher *bytes = NULL;
    enum silt_status status = silt_json_files_list(directory, &paths, error);
    if (status == SILT_OK)
        status = silt_hasher_new(&bytes, error);
    for (size_t i = 0; i < paths.count && status == SILT_OK; i++)
        status = hash_file(*(char **)silt_array_at(&paths, i), hasher, bytes, error);
    silt_hasher_free(bytes);
    silt_json_files_clear(&paths);
    return status;
}
