/*
 * tree_link.c: resolves links part by part, as the kernel would with the tree's root as its root. The part
 * that is done never holds a link or "..", so looking at it cannot leave the tree.
 */
#include "source/tree_link.h"

#include "base/buffer.h"
#include "base/path.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOPS_MAX = 40 }; /* as Linux has it */

struct resolver {
    int root;
    struct silt_buffer done; /* clean, without links */
    struct silt_buffer rest; /* yet to be resolved */
    unsigned hops;
};

static bool append(struct silt_buffer *buffer, const char *text, size_t size)
{
    return silt_buffer_append(buffer, silt_span_of(text, size), NULL) == SILT_OK;
}

/* Puts a link's target in front of what is left. */
static bool follow(struct resolver *resolver, const char *target, size_t size)
{
    struct silt_buffer rest = {0};
    bool is_good = ++resolver->hops <= HOPS_MAX && append(&rest, target, size) && append(&rest, "/", 1) &&
                   silt_buffer_append(&rest, silt_buffer_span(&resolver->rest), NULL) == SILT_OK;
    silt_buffer_clear(&resolver->rest);
    resolver->rest = rest;
    if (size > 0 && target[0] == '/')
        resolver->done.size = 0;
    return is_good;
}

/* Climbs one directory; false at the root. */
static bool climb(struct resolver *resolver)
{
    if (resolver->done.size == 0)
        return false;
    resolver->done.size = silt_path_parent(silt_buffer_span(&resolver->done)).size;
    return true;
}

static bool enter(struct resolver *resolver, struct silt_span part)
{
    size_t before = resolver->done.size;
    if ((before > 0 && !append(&resolver->done, "/", 1)) ||
        silt_buffer_append(&resolver->done, part, NULL) != SILT_OK || !append(&resolver->done, "", 1))
        return false;
    const char *path = (const char *)resolver->done.data;
    resolver->done.size--; /* the NUL */
    struct stat info;
    if (fstatat(resolver->root, path, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    if (!S_ISLNK(info.st_mode))
        return true;
    char target[PATH_MAX];
    ssize_t size = readlinkat(resolver->root, path, target, sizeof target);
    resolver->done.size = before;
    return size > 0 && follow(resolver, target, (size_t)size);
}

static bool resolve(struct resolver *resolver)
{
    while (resolver->rest.size > 0) {
        size_t size = 0;
        while (size < resolver->rest.size && resolver->rest.data[size] != '/')
            size++;
        char part[NAME_MAX + 1];
        if (size > NAME_MAX)
            return false;
        memcpy(part, resolver->rest.data, size);
        silt_buffer_drop(&resolver->rest, size + 1);
        struct silt_span name = silt_span_of(part, size);
        bool is_good = true;
        if (silt_span_is_text(name, ".."))
            is_good = climb(resolver);
        else if (size > 0 && !silt_span_is_text(name, "."))
            is_good = enter(resolver, name);
        if (!is_good)
            return false;
    }
    return true;
}

bool silt_tree_link_is_inside(int root, struct silt_span path)
{
    struct resolver resolver = {.root = root};
    bool is_inside = silt_buffer_append(&resolver.rest, path, NULL) == SILT_OK && resolve(&resolver);
    silt_buffer_clear(&resolver.done);
    silt_buffer_clear(&resolver.rest);
    return is_inside;
}
