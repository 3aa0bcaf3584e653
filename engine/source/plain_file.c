/*
 * plain_file.c: transport "file": one file, pipe or device that the user named.
 *
 * It may hold an image archive, compressed or behind a pipe, that cannot be read out of order: its layout is
 * STREAM, and the scan finds out while it reads.
 */
#include "source/plain_file.h"

#include "base/error.h"
#include "base/path.h"
#include "source/descriptor.h"
#include "source/sources.h"
#include "stream/codec.h"
#include "stream/file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct plain_file {
    struct silt_source source;
    int fd;
    bool borrows, is_done;
    uint64_t size;
    char *name;
    struct silt_stream *stream;
    struct silt_patience patience;
};

bool silt_plain_file_is_stream(int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return true;
    uint8_t head[32];
    ssize_t got = pread(fd, head, sizeof head, 0);
    return got > 0 && silt_codec_find(silt_span_of(head, (size_t)got)) != NULL;
}

enum silt_status silt_plain_file_new(const struct silt_plain_file *file, struct silt_source **out,
                                     struct silt_error *error)
{
    struct plain_file *plain = calloc(1, sizeof *plain);
    char *name = strdup(file->name);
    if (plain == NULL || name == NULL) {
        free(plain);
        free(name);
        if (!file->borrows)
            close(file->fd);
        return silt_error_memory(error);
    }
    plain->source.ops = file->ops;
    plain->source.layout = SILT_LAYOUT_STREAM;
    plain->patience = file->patience;
    plain->fd = file->fd;
    plain->borrows = file->borrows;
    plain->size = file->size_bytes;
    plain->name = name;
    *out = &plain->source;
    return SILT_OK;
}

enum silt_status silt_plain_file_next(struct silt_source *source, struct silt_blob *out,
                                      struct silt_error *error)
{
    struct plain_file *plain = (struct plain_file *)source;
    if (plain->is_done)
        return SILT_END;
    plain->is_done = true;
    enum silt_status status = silt_file_open(plain->fd, &plain->stream, error);
    if (status != SILT_OK)
        return status;
    silt_file_set_patience(plain->stream, &plain->patience);
    *out = (struct silt_blob){silt_span_text(plain->name), plain->stream, plain->size, NULL};
    return SILT_OK;
}

void silt_plain_file_free(struct silt_source *source)
{
    struct plain_file *plain = (struct plain_file *)source;
    silt_stream_free(plain->stream);
    if (!plain->borrows)
        close(plain->fd);
    free(plain->name);
    free(plain);
}

static enum silt_status plain_file_open(const char *location, const struct silt_source_options *options,
                                        struct silt_source **out, struct silt_error *error)
{
    (void)options;
    int fd;
    enum silt_status status = silt_descriptor_open(location, 0, &fd, error);
    if (status != SILT_OK)
        return status;
    struct stat info;
    if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
        close(fd);
        return silt_error_set(error, SILT_ERR_USAGE, "'%s' is a directory: use dir:", location);
    }
    const char *slash = strrchr(location, '/');
    const struct silt_plain_file file = {
        .fd = fd,
        .name = slash != NULL ? slash + 1 : location,
        .size_bytes = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0,
        .ops = &silt_plain_file_source,
    };
    return silt_plain_file_new(&file, out, error);
}

static bool is_plain_file(const struct silt_probe *probe)
{
    return probe->is_there && !probe->is_directory;
}

const struct silt_source_ops silt_plain_file_source = {
    .transport = "file",
    .kind = SILT_TARGET_FILE,
    .open = plain_file_open,
    .next = silt_plain_file_next,
    .free = silt_plain_file_free,
    .is_target = is_plain_file,
};
