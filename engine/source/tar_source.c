/*
 * tar_source.c: blobs are ranges of one descriptor, read with pread; the index never changes, so find needs
 * no lock.
 */
#include "source/tar_source.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/path.h"
#include "source/descriptor.h"
#include "source/plain_file.h"
#include "source/sources.h"
#include "source/tar_index.h"
#include "stream/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OFFSET_TEXT_SIZE = 24 };

struct tar_source {
    struct silt_source source;
    int fd;
    uint64_t size;
    struct silt_tar_index *index;
    /* where `next` stands: entries, then the problem, then the tail */
    size_t next_entry;
    bool told_problem, told_tail;
    struct silt_stream *current;
    struct silt_buffer name;
    struct silt_skip skip;
};

static enum silt_status index_file(struct tar_source *tar, const char *location, struct silt_error *error)
{
    if (tar->size == 0)
        return silt_error_set(error, SILT_ERR_CORRUPT, "'%s' is empty", location);
    enum silt_status status = silt_tar_index_new(tar->fd, tar->size, &tar->index, error);
    if (status != SILT_OK) {
        silt_error_prefix(error, "%s", location);
        return status;
    }
    if (silt_tar_index_count(tar->index) == 0 && silt_tar_index_problem(tar->index) != NULL)
        return silt_error_set(error, SILT_ERR_CORRUPT, "'%s' is not a tar archive", location);
    return SILT_OK;
}

static enum silt_status open_stream(int fd, const char *location, struct silt_source **out,
                                    struct silt_error *error)
{
    struct stat info;
    bool is_regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    const char *slash = strrchr(location, '/');
    const struct silt_plain_file file = {
        .fd = fd,
        .name = slash != NULL ? slash + 1 : location,
        .size_bytes = is_regular ? (uint64_t)info.st_size : 0,
        .ops = &silt_plain_file_source,
    };
    return silt_plain_file_new(&file, out, error);
}

enum silt_status silt_tar_source_open(const struct silt_source_ops *ops, enum silt_layout layout,
                                      const char *location, struct silt_source **out,
                                      struct silt_error *error)
{
    int fd;
    enum silt_status status = silt_descriptor_open(location, 0, &fd, error);
    if (status != SILT_OK)
        return status;
    struct stat info;
    if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
        close(fd);
        return silt_error_set(error, SILT_ERR_USAGE, "'%s' is a directory, not an archive", location);
    }
    if (silt_plain_file_is_stream(fd))
        return open_stream(fd, location, out, error);
    struct tar_source *tar = calloc(1, sizeof *tar);
    if (tar == NULL) {
        close(fd);
        return silt_error_memory(error);
    }
    tar->source = (struct silt_source){ops, layout, false};
    tar->fd = fd;
    tar->size = (uint64_t)info.st_size;
    status = index_file(tar, location, error);
    if (status == SILT_OK)
        *out = &tar->source;
    else
        silt_tar_source_free(&tar->source);
    return status;
}

/* The content's stream has the size that the header says, so that a cut-off blob fails as truncated where it
 * is cut; the size told is what is there. */
static enum silt_status open_entry(const struct tar_source *tar, const struct silt_tar_entry *entry,
                                   struct silt_stream **out, uint64_t *size, struct silt_error *error)
{
    uint64_t rest = entry->offset < tar->size ? tar->size - entry->offset : 0;
    uint64_t room = INT64_MAX - entry->offset;
    *size = entry->size < rest ? entry->size : rest;
    return silt_file_open_range(tar->fd, entry->offset, entry->size < room ? entry->size : room, out, error);
}

enum silt_status silt_tar_source_find(struct silt_source *source, const char *name, struct silt_stream **out,
                                      uint64_t *size, struct silt_error *error)
{
    const struct tar_source *tar = (const struct tar_source *)source;
    const struct silt_tar_entry *entry;
    struct silt_buffer clean = {0};
    enum silt_status status = silt_path_clean(silt_span_text(name), &clean, error);
    if (status == SILT_OK)
        status = silt_tar_index_find(tar->index, silt_buffer_span(&clean), &entry, error);
    if (status == SILT_OK)
        status = open_entry(tar, entry, out, size, error);
    silt_buffer_clear(&clean);
    return status;
}

static enum silt_status name_blob(struct tar_source *tar, struct silt_span name, bool with_offset,
                                  uint64_t offset, struct silt_error *error)
{
    char text[OFFSET_TEXT_SIZE];
    snprintf(text, sizeof text, "@%" PRIu64, offset);
    tar->name.size = 0;
    enum silt_status status = silt_buffer_append(&tar->name, name, error);
    if (status == SILT_OK && with_offset)
        status = silt_buffer_append(&tar->name, silt_span_text(text), error);
    return status;
}

static enum silt_status give(struct tar_source *tar, const struct silt_tar_entry *entry, bool with_offset,
                             struct silt_blob *out, struct silt_error *error)
{
    enum silt_status status = name_blob(tar, entry->name, with_offset, entry->offset, error);
    uint64_t size = 0;
    if (status == SILT_OK)
        status = open_entry(tar, entry, &tar->current, &size, error);
    *out = (struct silt_blob){silt_buffer_span(&tar->name), tar->current, size, NULL};
    return status;
}

static enum silt_status give_skip(struct tar_source *tar, enum silt_skip_reason reason, const char *detail,
                                  struct silt_blob *out)
{
    tar->skip = (struct silt_skip){
        .reason = reason,
        .place = {.path = silt_buffer_span(&tar->name), .layer = -1},
        .detail = detail,
    };
    *out = (struct silt_blob){silt_buffer_span(&tar->name), NULL, 0, &tar->skip};
    return SILT_OK;
}

/* Links are not handed out (what they lead to is), unless they lead nowhere. */
static bool is_given(const struct tar_source *tar, const struct silt_tar_entry *entry)
{
    const struct silt_tar_entry *target;
    return entry->kind == SILT_TAR_FILE ||
           silt_tar_index_find(tar->index, entry->link, &target, NULL) != SILT_OK;
}

static enum silt_status give_entry(struct tar_source *tar, const struct silt_tar_entry *entry,
                                   struct silt_blob *out, struct silt_error *error)
{
    if (entry->kind == SILT_TAR_FILE)
        return give(tar, entry, entry->is_shadowed, out, error);
    enum silt_status status = name_blob(tar, entry->name, false, 0, error);
    return status == SILT_OK ? give_skip(tar, SILT_SKIP_LINK, "the link leads nowhere", out) : status;
}

enum silt_status silt_tar_source_next(struct silt_source *source, struct silt_blob *out,
                                      struct silt_error *error)
{
    struct tar_source *tar = (struct tar_source *)source;
    silt_stream_free(tar->current);
    tar->current = NULL;
    while (tar->next_entry < silt_tar_index_count(tar->index)) {
        const struct silt_tar_entry *entry = silt_tar_index_at(tar->index, tar->next_entry++);
        if (is_given(tar, entry))
            return give_entry(tar, entry, out, error);
    }
    const struct silt_error *problem = silt_tar_index_problem(tar->index);
    tar->name.size = 0;
    if (problem != NULL && !tar->told_problem) {
        tar->told_problem = true;
        return give_skip(tar, SILT_SKIP_DAMAGED, problem->message, out);
    }
    uint64_t tail = silt_tar_index_tail(tar->index);
    if (tail >= tar->size || tar->told_tail)
        return SILT_END;
    tar->told_tail = true;
    const struct silt_tar_entry rest = {.offset = tail, .size = tar->size - tail};
    return give(tar, &rest, true, out, error);
}

void silt_tar_source_free(struct silt_source *source)
{
    struct tar_source *tar = (struct tar_source *)source;
    silt_stream_free(tar->current);
    silt_tar_index_free(tar->index);
    silt_buffer_clear(&tar->name);
    close(tar->fd);
    free(tar);
}
