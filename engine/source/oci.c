/*
 * oci.c: transport "oci": an OCI image layout in a directory (OCI image spec, image-layout.md).
 *
 * Names come from documents that nobody vouches for: they are opened part by part from the directory, and a
 * link or
 * ".." on the way is refused.
 */
#include "base/error.h"
#include "source/descriptor.h"
#include "source/sources.h"
#include "source/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct oci {
    struct silt_source source;
    int fd;
    struct silt_tree *tree; /* made when `next` is first asked */
};

static void oci_free(struct silt_source *source)
{
    struct oci *oci = (struct oci *)source;
    silt_tree_free(oci->tree);
    close(oci->fd);
    free(oci);
}

static enum silt_status oci_open(const char *location, const struct silt_source_options *options,
                                 struct silt_source **out, struct silt_error *error)
{
    (void)options;
    int fd;
    enum silt_status status = silt_descriptor_open(location, O_DIRECTORY, &fd, error);
    if (status != SILT_OK)
        return status;
    struct oci *oci = calloc(1, sizeof *oci);
    if (oci == NULL) {
        close(fd);
        return silt_error_memory(error);
    }
    oci->source = (struct silt_source){&silt_oci_source, SILT_LAYOUT_OCI, false};
    oci->fd = fd;
    *out = &oci->source;
    return SILT_OK;
}

static enum silt_status say_why(const char *name, struct silt_error *error)
{
    if (errno == ENOENT || errno == ENOTDIR)
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "'%s' is not there", name);
    if (errno == ELOOP)
        return silt_error_set(error, SILT_ERR_IO, "'%s' is a symbolic link, which is not followed", name);
    return silt_error_set(error, SILT_ERR_IO, "cannot open '%s': %s", name, strerror(errno));
}

/* ENOTDIR is what the kernel answers for a link in the middle as well: O_DIRECTORY comes first. */
static int open_part(int directory, const char *part, bool is_last)
{
    int fd = openat(directory, part,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (is_last ? O_NOCTTY : O_DIRECTORY));
    struct stat info;
    if (fd < 0 && errno == ENOTDIR && fstatat(directory, part, &info, AT_SYMLINK_NOFOLLOW) == 0)
        errno = S_ISLNK(info.st_mode) ? ELOOP : ENOTDIR;
    return fd;
}

/* Opens a name part by part. */
static enum silt_status open_name(int root, const char *name, int *out, struct silt_error *error)
{
    int fd = root;
    for (const char *p = name;; p++) {
        char part[NAME_MAX + 1];
        size_t size = strcspn(p, "/");
        bool is_last = p[size] == '\0';
        bool is_good = size > 0 && size <= NAME_MAX;
        memcpy(part, p, is_good ? size : 0);
        part[is_good ? size : 0] = '\0';
        is_good = is_good && strcmp(part, ".") != 0 && strcmp(part, "..") != 0;
        int next = is_good ? open_part(fd, part, is_last) : -1;
        int code = is_good ? errno : ENOENT;
        if (fd != root)
            close(fd);
        fd = next;
        errno = code;
        if (fd < 0)
            return say_why(name, error);
        if (is_last)
            break;
        p += size;
    }
    *out = fd;
    return SILT_OK;
}

static enum silt_status oci_find(struct silt_source *source, const char *name, struct silt_stream **out,
                                 uint64_t *size, struct silt_error *error)
{
    int fd = -1;
    enum silt_status status = open_name(((const struct oci *)source)->fd, name, &fd, error);
    if (status != SILT_OK)
        return status;
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return silt_error_set(error, SILT_ERR_IO, "'%s' is not a regular file", name);
    }
    *size = (uint64_t)info.st_size;
    return silt_descriptor_stream(fd, out, error);
}

static enum silt_status oci_next(struct silt_source *source, struct silt_blob *out, struct silt_error *error)
{
    struct oci *oci = (struct oci *)source;
    enum silt_status status = oci->tree == NULL ? silt_tree_new(oci->fd, &oci->tree, error) : SILT_OK;
    return status == SILT_OK ? silt_tree_next(oci->tree, out, error) : status;
}

static bool is_oci(const struct silt_probe *probe)
{
    return probe->has_oci_layout && probe->is_directory;
}

const struct silt_source_ops silt_oci_source = {
    .transport = "oci",
    .kind = SILT_TARGET_IMAGE,
    .open = oci_open,
    .find = oci_find,
    .next = oci_next,
    .free = oci_free,
    .is_target = is_oci,
    .has_reference = true,
};
