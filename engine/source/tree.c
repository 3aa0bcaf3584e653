/*
 * tree.c: one frame a directory on the way down, each with its sorted names.
 *
 * The first frames keep their descriptors, and so does the deepest; the others are opened again, from the
 * nearest one that is open, when the walk comes back to them.
 */
#include "source/tree.h"

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/path.h"
#include "source/descriptor.h"
#include "source/tree_link.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FRAMES = 31, DEPTH_MAX = 4096, NAMES_MAX = 32 << 20, DETAIL_SIZE = 128 };

enum { DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC };

struct frame {
    int fd;                  /* -1: to be opened again */
    size_t path_size;        /* of the directory's own path */
    struct silt_buffer text; /* the names, each with its NUL */
    struct silt_array names; /* const char * into text, sorted */
    size_t next;
};

struct silt_tree {
    int root; /* borrowed */
    struct silt_array frames;
    struct silt_buffer path; /* of what is handed out; a prefix of it is the deepest frame's path */
    size_t names_size;
    struct silt_stream *current;
    struct silt_skip skip;
    char detail[DETAIL_SIZE];
};

static struct frame *frame_at(const struct silt_tree *tree, size_t depth)
{
    return silt_array_at(&tree->frames, depth);
}

static enum silt_status give_skip(struct silt_tree *tree, enum silt_skip_reason reason, const char *what,
                                  int code, struct silt_blob *out)
{
    snprintf(tree->detail, sizeof tree->detail, "%s%s%s", what, code != 0 ? ": " : "",
             code != 0 ? strerror(code) : "");
    tree->skip = (struct silt_skip){
        .reason = reason,
        .place = {.path = silt_buffer_span(&tree->path), .layer = -1},
        .detail = tree->detail,
    };
    *out = (struct silt_blob){silt_buffer_span(&tree->path), NULL, 0, &tree->skip};
    return SILT_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Offsets become pointers once the text no longer moves. */
static enum silt_status sort_names(struct frame *frame, struct silt_error *error)
{
    for (size_t at = 0; at < frame->text.size; at += strlen((char *)frame->text.data + at) + 1) {
        const char **name = silt_array_put(&frame->names);
        if (name == NULL)
            return silt_error_memory(error);
        *name = (char *)frame->text.data + at;
    }
    if (frame->names.count > 0)
        qsort(frame->names.items, frame->names.count, sizeof(char *), by_name);
    return SILT_OK;
}

/* Reads a directory's names. *code is errno if they could not be read to the end, or ENOBUFS if there were
 * more than fit. */
static enum silt_status read_names(struct silt_tree *tree, struct frame *frame, int *code,
                                   struct silt_error *error)
{
    int copy = openat(frame->fd, ".", DIRECTORY_FLAGS);
    DIR *directory = copy >= 0 ? fdopendir(copy) : NULL;
    if (directory == NULL) {
        *code = errno;
        if (copy >= 0)
            close(copy);
        return SILT_OK;
    }
    enum silt_status status = SILT_OK;
    while (status == SILT_OK && *code == 0) {
        errno = 0;
        const struct dirent *item = readdir(directory);
        *code = item == NULL ? errno : 0;
        if (item == NULL)
            break;
        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
            continue;
        if (tree->names_size + frame->text.size > NAMES_MAX)
            *code = ENOBUFS;
        else
            status =
                silt_buffer_append(&frame->text, silt_span_of(item->d_name, strlen(item->d_name) + 1), error);
    }
    closedir(directory);
    return status == SILT_OK ? sort_names(frame, error) : status;
}

static void clear_frame(struct silt_tree *tree, struct frame *frame)
{
    tree->names_size -= frame->text.size;
    if (frame->fd >= 0 && frame->fd != tree->root)
        close(frame->fd);
    silt_buffer_clear(&frame->text);
    silt_array_clear(&frame->names);
}

/* Goes into an open directory, whose path is the tree's path; takes the descriptor over. A directory that
 * cannot be read is a skip, told by *out, and *has_skip. */
static enum silt_status push(struct silt_tree *tree, int fd, struct silt_blob *out, bool *has_skip,
                             struct silt_error *error)
{
    struct frame *frame = silt_array_put(&tree->frames);
    if (frame == NULL) {
        if (fd != tree->root)
            close(fd);
        return silt_error_memory(error);
    }
    frame->fd = fd;
    frame->path_size = tree->path.size;
    frame->names.item_size = sizeof(char *);
    size_t depth = tree->frames.count;
    if (depth > OPEN_FRAMES + 1) {
        struct frame *above = frame_at(tree, depth - 2);
        close(above->fd);
        above->fd = -1;
    }
    int code = 0;
    enum silt_status status = read_names(tree, frame, &code, error);
    tree->names_size += frame->text.size;
    *has_skip = status == SILT_OK && code != 0;
    if (*has_skip && code == ENOBUFS)
        return give_skip(tree, SILT_SKIP_TOTAL, "the directory holds too many names", 0, out);
    return *has_skip ? give_skip(tree, SILT_SKIP_UNREADABLE, "the directory cannot be read", code, out)
                     : status;
}

/* The name by which a frame's directory was entered. */
static const char *name_of(const struct silt_tree *tree, size_t depth)
{
    const struct frame *parent = frame_at(tree, depth - 1);
    return *(const char **)silt_array_at(&parent->names, parent->next - 1);
}

/* Opens the deepest frame's directory again; -1 if it is gone. */
static int reopen(struct silt_tree *tree)
{
    size_t deepest = tree->frames.count - 1, depth = deepest;
    while (frame_at(tree, depth)->fd < 0)
        depth--;
    int fd = frame_at(tree, depth)->fd;
    for (size_t i = depth + 1; i <= deepest && fd >= 0; i++) {
        int next = openat(fd, name_of(tree, i), DIRECTORY_FLAGS);
        if (i > depth + 1)
            close(fd);
        fd = next;
    }
    frame_at(tree, deepest)->fd = fd;
    return fd;
}

static const char *special_name(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFIFO:
        return "a fifo";
    case S_IFSOCK:
        return "a socket";
    case S_IFBLK:
        return "a block device";
    case S_IFCHR:
        return "a character device";
    default:
        return "neither file nor directory";
    }
}

static enum silt_skip_reason reason_of(int code)
{
    return code == ELOOP ? SILT_SKIP_LINK : SILT_SKIP_UNREADABLE;
}

/* What was a file a moment ago may be a fifo now: it is opened without waiting and looked at again. */
static enum silt_status give_file(struct silt_tree *tree, int directory, const char *name,
                                  struct silt_blob *out, struct silt_error *error)
{
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        int code = errno;
        if (fd >= 0)
            close(fd);
        return give_skip(tree, reason_of(code), "the file cannot be opened", code, out);
    }
    if (!S_ISREG(info.st_mode)) {
        close(fd);
        return give_skip(tree, SILT_SKIP_SPECIAL, special_name(info.st_mode), 0, out);
    }
    enum silt_status status = silt_descriptor_stream(fd, &tree->current, error);
    *out = (struct silt_blob){silt_buffer_span(&tree->path), tree->current, (uint64_t)info.st_size, NULL};
    return status;
}

static enum silt_status enter(struct silt_tree *tree, int directory, const char *name, struct silt_blob *out,
                              bool *has_blob, struct silt_error *error)
{
    *has_blob = true;
    if (tree->frames.count >= DEPTH_MAX)
        return give_skip(tree, SILT_SKIP_DEPTH, "directories nest too deep", 0, out);
    int fd = openat(directory, name, DIRECTORY_FLAGS);
    if (fd < 0)
        return give_skip(tree, reason_of(errno), "the directory cannot be opened", errno, out);
    return push(tree, fd, out, has_blob, error);
}

/* One name of the deepest directory. *has_blob stays false if there is nothing to hand out. */
static enum silt_status visit(struct silt_tree *tree, int directory, const char *name, struct silt_blob *out,
                              bool *has_blob, struct silt_error *error)
{
    struct stat info;
    *has_blob = true;
    if (fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return give_skip(tree, SILT_SKIP_UNREADABLE, "cannot be looked at", errno, out);
    if (S_ISREG(info.st_mode))
        return give_file(tree, directory, name, out, error);
    if (S_ISDIR(info.st_mode))
        return enter(tree, directory, name, out, has_blob, error);
    if (!S_ISLNK(info.st_mode))
        return give_skip(tree, SILT_SKIP_SPECIAL, special_name(info.st_mode), 0, out);
    *has_blob = !silt_tree_link_is_inside(tree->root, silt_buffer_span(&tree->path));
    return *has_blob
               ? give_skip(tree, SILT_SKIP_LINK, "the link leads out of the directory or nowhere", 0, out)
               : SILT_OK;
}

/* Makes the tree's path that of a name in a frame's directory. */
static enum silt_status set_path(struct silt_tree *tree, const struct frame *frame, const char *name,
                                 struct silt_error *error)
{
    tree->path.size = frame->path_size;
    enum silt_status status = SILT_OK;
    if (frame->path_size > 0)
        status = silt_buffer_append(&tree->path, silt_span_text("/"), error);
    return status == SILT_OK ? silt_buffer_append(&tree->path, silt_span_text(name), error) : status;
}

/* Takes one step: a name of the deepest directory, or back out of it. */
static enum silt_status step(struct silt_tree *tree, struct silt_blob *out, bool *has_blob,
                             struct silt_error *error)
{
    struct frame *frame = frame_at(tree, tree->frames.count - 1);
    if (frame->next == frame->names.count) {
        clear_frame(tree, frame);
        tree->frames.count--;
        return SILT_OK;
    }
    int directory = frame->fd >= 0 ? frame->fd : reopen(tree);
    if (directory < 0) {
        tree->path.size = frame->path_size;
        frame->next = frame->names.count;
        *has_blob = true;
        return give_skip(tree, SILT_SKIP_UNREADABLE, "the directory went away", errno, out);
    }
    const char *name = *(const char **)silt_array_at(&frame->names, frame->next++);
    enum silt_status status = set_path(tree, frame, name, error);
    return status == SILT_OK ? visit(tree, directory, name, out, has_blob, error) : status;
}

enum silt_status silt_tree_new(int root, struct silt_tree **out, struct silt_error *error)
{
    struct silt_tree *tree = calloc(1, sizeof *tree);
    if (tree == NULL)
        return silt_error_memory(error);
    tree->root = root;
    tree->frames.item_size = sizeof(struct frame);
    struct silt_blob blob;
    bool has_skip;
    enum silt_status status = push(tree, root, &blob, &has_skip, error);
    if (status == SILT_OK && has_skip)
        status = silt_error_set(error, SILT_ERR_IO, "%s", tree->detail);
    if (status == SILT_OK)
        *out = tree;
    else
        silt_tree_free(tree);
    return status;
}

enum silt_status silt_tree_next(struct silt_tree *tree, struct silt_blob *out, struct silt_error *error)
{
    silt_stream_free(tree->current);
    tree->current = NULL;
    bool has_blob = false;
    while (tree->frames.count > 0 && !has_blob) {
        enum silt_status status = step(tree, out, &has_blob, error);
        if (status != SILT_OK)
            return status;
    }
    return has_blob ? SILT_OK : SILT_END;
}

void silt_tree_free(struct silt_tree *tree)
{
    if (tree == NULL)
        return;
    silt_stream_free(tree->current);
    for (size_t i = 0; i < tree->frames.count; i++)
        clear_frame(tree, frame_at(tree, i));
    silt_array_clear(&tree->frames);
    silt_buffer_clear(&tree->path);
    free(tree);
}
