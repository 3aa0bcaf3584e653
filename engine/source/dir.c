/*
 * dir.c: transport "dir": all files below a directory.
 */
#include "base/error.h"
#include "source/descriptor.h"
#include "source/sources.h"
#include "source/tree.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct dir {
    struct silt_source source;
    int fd;
    struct silt_tree *tree;
};

static void dir_free(struct silt_source *source)
{
    struct dir *dir = (struct dir *)source;
    silt_tree_free(dir->tree);
    close(dir->fd);
    free(dir);
}

static enum silt_status dir_open(const char *location, const struct silt_source_options *options,
                                 struct silt_source **out, struct silt_error *error)
{
    (void)options;
    int fd;
    enum silt_status status = silt_descriptor_open(location, O_DIRECTORY, &fd, error);
    if (status != SILT_OK)
        return status;
    struct dir *dir = calloc(1, sizeof *dir);
    if (dir == NULL) {
        close(fd);
        return silt_error_memory(error);
    }
    dir->source = (struct silt_source){&silt_dir_source, SILT_LAYOUT_NONE, false};
    dir->fd = fd;
    status = silt_tree_new(fd, &dir->tree, error);
    if (status == SILT_OK) {
        *out = &dir->source;
        return SILT_OK;
    }
    silt_error_prefix(error, "%s", location);
    dir_free(&dir->source);
    return status;
}

static enum silt_status dir_next(struct silt_source *source, struct silt_blob *out, struct silt_error *error)
{
    return silt_tree_next(((struct dir *)source)->tree, out, error);
}

static bool is_dir(const struct silt_probe *probe)
{
    return probe->is_directory;
}

const struct silt_source_ops silt_dir_source = {
    .transport = "dir",
    .kind = SILT_TARGET_DIRECTORY,
    .open = dir_open,
    .next = dir_next,
    .free = dir_free,
    .is_target = is_dir,
};
