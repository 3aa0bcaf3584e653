/*
 * descriptor.c: streams over files borrow their descriptor (stream/file.h); here is who closes it.
 */
#include "source/descriptor.h"

#include "base/error.h"
#include "stream/file.h"
#include "stream/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct owner {
    struct silt_stream stream;
    struct silt_stream *inner;
    int fd;
};

enum silt_status silt_descriptor_open(const char *path, int flags, int *out, struct silt_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
    if (fd < 0)
        return silt_error_set(error, errno == ENOENT || errno == ENOTDIR ? SILT_ERR_NOT_FOUND : SILT_ERR_IO,
                              "cannot open '%s': %s", path, strerror(errno));
    *out = fd;
    return SILT_OK;
}

static enum silt_status owner_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                   struct silt_error *error)
{
    return silt_stream_peek(((struct owner *)stream)->inner, want, out, error);
}

static void owner_consume(struct silt_stream *stream, size_t size)
{
    silt_stream_consume(((struct owner *)stream)->inner, size);
}

static void owner_free(struct silt_stream *stream)
{
    struct owner *owner = (struct owner *)stream;
    silt_stream_free(owner->inner);
    close(owner->fd);
    free(owner);
}

static bool owner_identify(const struct silt_stream *stream, struct silt_identity *out)
{
    return silt_identity_of(((const struct owner *)stream)->inner, out);
}

static const struct silt_stream_ops owner_ops = {owner_peek, owner_consume, owner_free};

enum silt_status silt_descriptor_stream(int fd, struct silt_stream **out, struct silt_error *error)
{
    struct owner *owner = calloc(1, sizeof *owner);
    if (owner == NULL) {
        close(fd);
        return silt_error_memory(error);
    }
    owner->stream.ops = &owner_ops;
    owner->stream.identify = owner_identify;
    owner->fd = fd;
    enum silt_status status = silt_file_open(fd, &owner->inner, error);
    if (status != SILT_OK) {
        owner_free(&owner->stream);
        return status;
    }
    *out = &owner->stream;
    return SILT_OK;
}
