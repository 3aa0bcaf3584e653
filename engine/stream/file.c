/*
 * file.c: reading descriptors, in blocks of 256 KiB: large enough that the system call does not show, small
 * enough to stay in the second-level cache until it is used.
 */
#include "stream/file.h"

#include "base/error.h"
#include "stream/identity.h"
#include "stream/refill.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK_SIZE = 256 * 1024 };

struct file {
    struct silt_refill refill;
    int fd;
    uint64_t begin;         /* of a range; of a file, where it stood when it was opened */
    uint64_t position, end; /* of a range: what to read next, and where it ends */
    struct silt_patience patience;
};

static enum silt_status read_failure(int code, struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_IO, "cannot read: %s", strerrordesc_np(code));
}

/* Waits until there is something to read, asking now and then whether to go on. */
static bool wait_for_bytes(const struct file *file)
{
    enum { ASK_MS = 100 };
    struct pollfd wish = {.fd = file->fd, .events = POLLIN};
    while (poll(&wish, 1, ASK_MS) == 0)
        if (!file->patience.goes_on(file->patience.context))
            return false;
    return true;
}

static enum silt_status file_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                  struct silt_error *error)
{
    struct file *file = (struct file *)refill;
    if (file->patience.goes_on != NULL && !wait_for_bytes(file))
        return silt_error_set(error, SILT_ERR_CANCELLED, "stopped while waiting for input");
    ssize_t got;
    do {
        got = read(file->fd, room, size);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return read_failure(errno, error);
    *made = (size_t)got;
    return got > 0 ? SILT_OK : SILT_END;
}

static enum silt_status range_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                   struct silt_error *error)
{
    struct file *file = (struct file *)refill;
    uint64_t rest = file->end - file->position;
    if (rest == 0)
        return SILT_END;
    ssize_t got;
    do {
        got = pread(file->fd, room, size < rest ? size : (size_t)rest, (off_t)file->position);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return read_failure(errno, error);
    if (got == 0)
        return silt_error_set(error, SILT_ERR_CORRUPT,
                              "truncated file: it ends at %" PRIu64 ", expected %" PRIu64 " bytes",
                              file->position, file->end);
    *made = (size_t)got;
    file->position += (uint64_t)got;
    return SILT_OK;
}

/* From where it stood to its end. */
static bool file_identify(const struct silt_stream *stream, struct silt_identity *out)
{
    const struct file *file = (const struct file *)stream;
    if (!silt_identity_of_file(file->fd, file->begin, 0, out) || file->begin > out->file_size)
        return false;
    out->size = out->file_size - file->begin;
    return true;
}

static bool range_identify(const struct silt_stream *stream, struct silt_identity *out)
{
    const struct file *file = (const struct file *)stream;
    return silt_identity_of_file(file->fd, file->begin, file->end - file->begin, out);
}

static const struct silt_refill_ops file_ops = {file_fill, NULL};
static const struct silt_refill_ops range_ops = {range_fill, NULL};

static enum silt_status open_file(int fd, const struct silt_refill_ops *ops, size_t capacity,
                                  struct file **out, struct silt_error *error)
{
    struct file *file = malloc(sizeof *file);
    if (file == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_refill_init(&file->refill, ops, capacity, error);
    if (status != SILT_OK) {
        free(file);
        return status;
    }
    file->fd = fd;
    file->begin = file->position = file->end = 0;
    file->patience = (struct silt_patience){NULL, NULL};
    *out = file;
    return SILT_OK;
}

enum silt_status silt_file_open(int fd, struct silt_stream **out, struct silt_error *error)
{
    struct file *file = NULL;
    enum silt_status status = open_file(fd, &file_ops, BLOCK_SIZE, &file, error);
    if (status != SILT_OK)
        return status;
    file->refill.stream.identify = file_identify;
    off_t begin = lseek(fd, 0, SEEK_CUR);
    file->begin = begin > 0 ? (uint64_t)begin : 0;
    *out = &file->refill.stream;
    return SILT_OK;
}

void silt_file_set_patience(struct silt_stream *stream, const struct silt_patience *patience)
{
    ((struct file *)stream)->patience = *patience;
}

enum silt_status silt_file_open_range(int fd, uint64_t offset, uint64_t size, struct silt_stream **out,
                                      struct silt_error *error)
{
    if (offset > INT64_MAX || size > INT64_MAX - offset)
        return silt_error_set(error, SILT_ERR_CORRUPT, "file range %" PRIu64 "+%" PRIu64 " is too large",
                              offset, size);
    struct file *file = NULL;
    size_t capacity = size < BLOCK_SIZE ? (size_t)size + 1 : BLOCK_SIZE;
    enum silt_status status = open_file(fd, &range_ops, capacity, &file, error);
    if (status != SILT_OK)
        return status;
    file->refill.stream.identify = range_identify;
    file->begin = file->position = offset;
    file->end = offset + size;
    *out = &file->refill.stream;
    return SILT_OK;
}
