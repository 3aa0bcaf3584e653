/*
 * identity.c: fstat, and what it is worth.
 */
#include "stream/identity.h"

#include <sys/stat.h>
#include <time.h>

enum { SETTLED_S = 3 };

bool silt_identity_of(const struct silt_stream *stream, struct silt_identity *out)
{
    return stream->identify != NULL && stream->identify(stream, out);
}

bool silt_identity_of_file(int fd, uint64_t offset, uint64_t size, struct silt_identity *out)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    *out = (struct silt_identity){
        .device = info.st_dev,
        .inode = info.st_ino,
        .file_size = (uint64_t)info.st_size,
        .modified_s = info.st_mtim.tv_sec,
        .modified_ns = (uint32_t)info.st_mtim.tv_nsec,
        .changed_s = info.st_ctim.tv_sec,
        .changed_ns = (uint32_t)info.st_ctim.tv_nsec,
        .offset = offset,
        .size = size,
    };
    return true;
}

bool silt_identity_equal(const struct silt_identity *a, const struct silt_identity *b)
{
    return a->device == b->device && a->inode == b->inode && a->file_size == b->file_size &&
           a->modified_s == b->modified_s && a->modified_ns == b->modified_ns &&
           a->changed_s == b->changed_s && a->changed_ns == b->changed_ns && a->offset == b->offset &&
           a->size == b->size;
}

bool silt_identity_is_settled(const struct silt_identity *identity)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return identity->modified_s <= now.tv_sec - SETTLED_S && identity->changed_s <= now.tv_sec - SETTLED_S;
}
