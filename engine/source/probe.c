/*
 * probe.c: tells an image from other things by what it holds.
 */
#include "source/probe.h"

#include "base/error.h"
#include "source/descriptor.h"
#include "source/tar_index.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* OCI image-layout.md asks for all three; one of the last two tells a layout from a folder with an
 * index.json. */
static bool is_layout(bool has_index, bool has_oci_layout, bool has_blobs)
{
    return has_index && (has_oci_layout || has_blobs);
}

static bool has_file(int directory, const char *name)
{
    struct stat info;
    return fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

static enum silt_status look_into_directory(const char *path, struct silt_probe *out)
{
    int fd;
    if (silt_descriptor_open(path, O_DIRECTORY, &fd, NULL) != SILT_OK)
        return SILT_OK; /* its source will say what is wrong */
    out->has_oci_layout =
        is_layout(has_file(fd, "index.json"), has_file(fd, "oci-layout"), has_file(fd, "blobs"));
    close(fd);
    return SILT_OK;
}

/* docker save writes an array. Browser extensions and web applications have a manifest.json as well: an
 * object. */
static bool is_docker_manifest(int fd, const struct silt_tar_entry *entry)
{
    char text[64];
    size_t size = entry->size < sizeof text ? (size_t)entry->size : sizeof text;
    ssize_t got = pread(fd, text, size, (off_t)entry->offset);
    size_t i = 0;
    while (got > 0 && i < (size_t)got && strchr(" \t\r\n", text[i]) != NULL)
        i++;
    return got <= 0 || i == (size_t)got || text[i] != '{';
}

static enum silt_status look_into_file(int fd, uint64_t size, struct silt_probe *out,
                                       struct silt_error *error)
{
    struct silt_tar_index *index;
    enum silt_status status = silt_tar_index_new(fd, size, &index, error);
    if (status != SILT_OK)
        return status;
    const struct silt_tar_entry *manifest = NULL, *other;
    if (silt_tar_index_find(index, silt_span_text("manifest.json"), &manifest, NULL) == SILT_OK)
        out->has_docker_manifest = is_docker_manifest(fd, manifest);
    out->has_oci_layout =
        is_layout(silt_tar_index_find(index, silt_span_text("index.json"), &other, NULL) == SILT_OK,
                  silt_tar_index_find(index, silt_span_text("oci-layout"), &other, NULL) == SILT_OK, false);
    silt_tar_index_free(index);
    return SILT_OK;
}

enum silt_status silt_probe_take(const char *text, struct silt_probe *out, struct silt_error *error)
{
    *out = (struct silt_probe){.text = text};
    struct stat info;
    if (stat(text, &info) != 0) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
            return SILT_OK;
        return silt_error_set(error, SILT_ERR_IO, "cannot look at '%s': %s", text, strerror(errno));
    }
    out->is_there = true;
    out->is_directory = S_ISDIR(info.st_mode);
    if (out->is_directory)
        return look_into_directory(text, out);
    if (!S_ISREG(info.st_mode))
        return SILT_OK;
    int fd;
    enum silt_status status = silt_descriptor_open(text, O_NONBLOCK, &fd, error);
    if (status != SILT_OK)
        return status;
    status = look_into_file(fd, (uint64_t)info.st_size, out, error);
    close(fd);
    return status;
}
