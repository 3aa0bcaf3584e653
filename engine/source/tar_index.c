/*
 * tar_index.c: the headers of a tar by pread, nothing of its content.
 *
 * Bounds: 262,144 entries and 32 MiB of names (an image archive has a few entries a layer), 1 MiB for one
 * extended header as in Go's archive/tar.
 */
#include "source/tar_index.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/path.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    BLOCK = 512,
    ENTRIES_MAX = 1 << 18,
    NAMES_MAX = 32 << 20,
    EXTENDED_MAX = 1 << 20,
    LINK_HOPS_MAX = 16,
    TAIL_LOOK = 64 * 1024
};

struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
    char magic[6], version[2], uname[32], gname[32], major[8], minor[8], prefix[155], pad[12];
};

_Static_assert(sizeof(struct header) == BLOCK, "a tar header is one block");

struct silt_tar_index {
    struct silt_arena arena;
    struct silt_array entries;       /* struct silt_tar_entry */
    struct silt_tar_entry **by_name; /* sorted; of equal names the last is the one that counts */
    uint64_t size, tail;
    struct silt_error problem;
};

/* Where the reader stands and what extended headers said of the entry to come. */
struct reading {
    struct silt_tar_index *index;
    int fd;
    uint64_t at;
    struct silt_buffer path, link;
    bool has_path, has_link, has_size;
    uint64_t size;
};

static enum silt_status read_at(int fd, void *out, size_t size, uint64_t offset, struct silt_error *error)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(fd, (char *)out + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return silt_error_set(error, SILT_ERR_IO, "cannot read: %s", strerror(errno));
        if (got == 0)
            return silt_error_set(error, SILT_ERR_IO, "the file became shorter while it was read");
        done += (size_t)got;
    }
    return SILT_OK;
}

/* Notes why the index ends here. */
static enum silt_status stop(struct reading *reading, enum silt_status status, const char *why)
{
    reading->index->tail = reading->at;
    silt_error_set(&reading->index->problem, status, "the archive ends early at byte %" PRIu64 ": %s",
                   reading->at, why);
    return SILT_END;
}

static struct silt_span field(const char *text, size_t size)
{
    return silt_span_of(text, strnlen(text, size));
}

/* Octal digits between spaces and NULs, or GNU's base-256 with the first bit set. */
static bool parse_number(const char *text, size_t size, uint64_t *out)
{
    uint64_t value = 0;
    if ((uint8_t)text[0] >= 0x80) {
        for (size_t i = 0; i < size; i++) {
            if (value > UINT64_MAX >> 9)
                return false;
            value = value << 8 | (i == 0 ? text[0] & 0x7f : (uint8_t)text[i]);
        }
        *out = value;
        return true;
    }
    size_t i = 0;
    while (i < size && text[i] == ' ')
        i++;
    for (; i < size && text[i] >= '0' && text[i] <= '7'; i++)
        value = value << 3 | (uint64_t)(text[i] - '0');
    *out = value;
    return i == size || text[i] == ' ' || text[i] == '\0';
}

/* The sum of all bytes with the checksum field as spaces; old tars summed signed bytes. */
static bool is_checksum_good(const struct header *header)
{
    const uint8_t *bytes = (const uint8_t *)header;
    size_t first = offsetof(struct header, checksum), last = first + sizeof header->checksum;
    int64_t plain = 0, with_sign = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        uint8_t byte = i >= first && i < last ? ' ' : bytes[i];
        plain += byte;
        with_sign += (int8_t)byte;
    }
    uint64_t told;
    return parse_number(header->checksum, sizeof header->checksum, &told) &&
           ((int64_t)told == plain || (int64_t)told == with_sign);
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* Behind the end mark: zeros up to the end are padding; anything else is a tail that somebody should look at.
 */
static enum silt_status find_tail(struct reading *reading, struct silt_error *error)
{
    uint8_t block[BLOCK];
    uint64_t look_end = reading->at + TAIL_LOOK, size = reading->index->size;
    for (; reading->at < size && reading->at < look_end; reading->at += BLOCK) {
        size_t have = size - reading->at < BLOCK ? (size_t)(size - reading->at) : BLOCK;
        enum silt_status status = read_at(reading->fd, block, have, reading->at, error);
        if (status != SILT_OK)
            return status;
        if (!is_zero(block, have))
            break;
    }
    reading->index->tail = reading->at < size ? reading->at : size;
    return SILT_END;
}

/* The next header that is not zero. END behind the last one. */
static enum silt_status read_header(struct reading *reading, struct header *out, struct silt_error *error)
{
    for (unsigned zeros = 0; zeros < 2; zeros++) {
        uint64_t rest = reading->index->size - reading->at;
        if (rest == 0)
            return SILT_END;
        if (rest < BLOCK)
            return stop(reading, SILT_ERR_CORRUPT, "a header is cut off");
        enum silt_status status = read_at(reading->fd, out, BLOCK, reading->at, error);
        if (status != SILT_OK)
            return status;
        if (!is_zero((const uint8_t *)out, BLOCK))
            return is_checksum_good(out) ? SILT_OK : stop(reading, SILT_ERR_CORRUPT, "bad header checksum");
        reading->at += BLOCK;
    }
    return find_tail(reading, error);
}

/* Moves behind a header and `size` bytes of content. END if the archive is shorter than that. */
static enum silt_status pass(struct reading *reading, uint64_t size)
{
    uint64_t rest = reading->index->size - reading->at;
    if (rest < BLOCK || size > rest - BLOCK) {
        (void)stop(reading, SILT_ERR_CORRUPT, "an entry is longer than what is left");
        reading->index->tail = reading->index->size;
        return SILT_END;
    }
    uint64_t padded = size + (BLOCK - size % BLOCK) % BLOCK;
    reading->at += padded > rest - BLOCK ? rest : BLOCK + padded;
    return SILT_OK;
}

/* Reads the content of an extended header whole. */
static enum silt_status read_extended(struct reading *reading, uint64_t size, struct silt_buffer *out,
                                      struct silt_error *error)
{
    uint64_t start = reading->at + BLOCK;
    if (size > EXTENDED_MAX)
        return stop(reading, SILT_ERR_LIMIT, "an extended header is larger than 1 MiB");
    enum silt_status status = pass(reading, size);
    out->size = 0;
    if (status == SILT_OK)
        status = silt_buffer_reserve(out, size + 1, error);
    if (status == SILT_OK)
        status = read_at(reading->fd, out->data, size, start, error);
    if (status == SILT_OK)
        out->size = size;
    return status;
}

static void forget(struct reading *reading)
{
    reading->path.size = reading->link.size = 0;
    reading->has_path = reading->has_link = reading->has_size = false;
}

static enum silt_status keep_text(struct silt_buffer *out, bool *has, struct silt_span text,
                                  struct silt_error *error)
{
    out->size = 0;
    *has = text.size > 0; /* an empty value takes the record back */
    return silt_buffer_append(out, text, error);
}

static void keep_size(struct reading *reading, struct silt_span text)
{
    uint64_t value = 0;
    size_t i = 0;
    for (; i < text.size && text.data[i] >= '0' && text.data[i] <= '9' && value < UINT64_MAX / 20; i++)
        value = value * 10 + (uint64_t)(text.data[i] - '0');
    reading->has_size = text.size > 0 && i == text.size;
    reading->size = value;
}

static enum silt_status take_record(struct reading *reading, struct silt_span record,
                                    struct silt_error *error)
{
    const uint8_t *equals = memchr(record.data, '=', record.size);
    if (equals == NULL)
        return SILT_OK;
    size_t key_size = (size_t)(equals - record.data);
    struct silt_span key = silt_span_slice(record, 0, key_size);
    struct silt_span value = silt_span_slice(record, key_size + 1, record.size);
    if (silt_span_is_text(key, "path"))
        return keep_text(&reading->path, &reading->has_path, value, error);
    if (silt_span_is_text(key, "linkpath"))
        return keep_text(&reading->link, &reading->has_link, value, error);
    if (silt_span_is_text(key, "size"))
        keep_size(reading, value);
    return SILT_OK;
}

/* "LENGTH KEY=VALUE\n" records, LENGTH counting the whole record. */
static enum silt_status take_pax(struct reading *reading, struct silt_span text, struct silt_error *error)
{
    forget(reading);
    while (text.size > 0) {
        size_t length = 0, i = 0;
        for (; i < text.size && i < 8 && text.data[i] >= '0' && text.data[i] <= '9'; i++)
            length = length * 10 + (size_t)(text.data[i] - '0');
        bool is_good = i > 0 && i < text.size && text.data[i] == ' ' && length > i + 1 &&
                       length <= text.size && text.data[length - 1] == '\n';
        if (!is_good)
            return stop(reading, SILT_ERR_CORRUPT, "bad PAX record");
        enum silt_status status = take_record(reading, silt_span_slice(text, i + 1, length - i - 2), error);
        if (status != SILT_OK)
            return status;
        text = silt_span_slice(text, length, text.size);
    }
    return SILT_OK;
}

static enum silt_status take_extended(struct reading *reading, const struct header *header, uint64_t size,
                                      struct silt_error *error)
{
    struct silt_buffer text = {0};
    enum silt_status status = read_extended(reading, size, &text, error);
    if (status == SILT_OK && header->type == 'x')
        status = take_pax(reading, silt_buffer_span(&text), error);
    if (status == SILT_OK && header->type == 'L')
        status = keep_text(&reading->path, &reading->has_path, field((char *)text.data, text.size), error);
    if (status == SILT_OK && header->type == 'K')
        status = keep_text(&reading->link, &reading->has_link, field((char *)text.data, text.size), error);
    silt_buffer_clear(&text);
    return status;
}

/* GNU's old sparse files continue their map in blocks between header and content. */
static enum silt_status pass_sparse_map(struct reading *reading, const struct header *header, uint64_t *start,
                                        struct silt_error *error)
{
    uint8_t block[BLOCK];
    memcpy(block, header, BLOCK);
    bool more = block[482] != 0;
    *start = reading->at + BLOCK;
    while (more) {
        if (reading->index->size - *start < BLOCK)
            return stop(reading, SILT_ERR_CORRUPT, "a sparse map is cut off");
        enum silt_status status = read_at(reading->fd, block, BLOCK, *start, error);
        if (status != SILT_OK)
            return status;
        *start += BLOCK;
        more = block[504] != 0;
    }
    return SILT_OK;
}

static enum silt_status clean_name(struct reading *reading, const struct header *header,
                                   struct silt_buffer *out, struct silt_error *error)
{
    if (reading->has_path)
        return silt_path_clean(silt_buffer_span(&reading->path), out, error);
    struct silt_buffer raw = {0};
    enum silt_status status = SILT_OK;
    struct silt_span prefix = field(header->prefix, sizeof header->prefix);
    if (memcmp(header->magic, "ustar", 6) == 0 && prefix.size > 0) {
        status = silt_buffer_append(&raw, prefix, error);
        if (status == SILT_OK)
            status = silt_buffer_append(&raw, silt_span_text("/"), error);
    }
    if (status == SILT_OK)
        status = silt_buffer_append(&raw, field(header->name, sizeof header->name), error);
    if (status == SILT_OK)
        status = silt_path_clean(silt_buffer_span(&raw), out, error);
    silt_buffer_clear(&raw);
    return status;
}

/* A hard link names an entry of the archive; a symbolic one starts from where it stands. */
static enum silt_status clean_link(struct reading *reading, const struct header *header,
                                   struct silt_span name, struct silt_buffer *out, struct silt_error *error)
{
    struct silt_span link =
        reading->has_link ? silt_buffer_span(&reading->link) : field(header->link, sizeof header->link);
    struct silt_buffer raw = {0};
    enum silt_status status = SILT_OK;
    if (header->type == '2' && !silt_span_has_prefix(link, "/")) {
        status = silt_buffer_append(&raw, silt_path_parent(name), error);
        if (status == SILT_OK)
            status = silt_buffer_append(&raw, silt_span_text("/"), error);
    }
    if (status == SILT_OK)
        status = silt_buffer_append(&raw, link, error);
    if (status == SILT_OK)
        status = silt_path_clean(silt_buffer_span(&raw), out, error);
    silt_buffer_clear(&raw);
    return status;
}

static enum silt_status keep_entry(struct silt_tar_index *index, struct silt_tar_entry entry,
                                   struct silt_error *error)
{
    struct silt_tar_entry *kept = silt_array_put(&index->entries);
    if (kept == NULL)
        return silt_error_memory(error);
    *kept = entry;
    kept->name.data = (uint8_t *)silt_arena_copy(&index->arena, entry.name);
    kept->link.data = (uint8_t *)silt_arena_copy(&index->arena, entry.link);
    return kept->name.data == NULL || kept->link.data == NULL ? silt_error_memory(error) : SILT_OK;
}

static enum silt_status put_entry(struct reading *reading, const struct header *header,
                                  struct silt_tar_entry entry, struct silt_error *error)
{
    struct silt_buffer name = {0}, link = {0};
    if (reading->index->entries.count >= ENTRIES_MAX || reading->index->arena.used >= NAMES_MAX)
        return stop(reading, SILT_ERR_LIMIT, "too many entries for an image archive");
    enum silt_status status = clean_name(reading, header, &name, error);
    if (status == SILT_OK && entry.kind != SILT_TAR_FILE)
        status = clean_link(reading, header, silt_buffer_span(&name), &link, error);
    entry.name = silt_buffer_span(&name);
    entry.link = silt_buffer_span(&link);
    if (status == SILT_OK)
        status = keep_entry(reading->index, entry, error);
    silt_buffer_clear(&name);
    silt_buffer_clear(&link);
    return status;
}

/* A file: any type that is not known to be something else, as POSIX asks. */
static enum silt_status take_file(struct reading *reading, const struct header *header, uint64_t size,
                                  struct silt_error *error)
{
    struct silt_tar_entry entry = {.kind = SILT_TAR_FILE, .offset = reading->at + BLOCK, .size = size};
    enum silt_status status = SILT_OK;
    if (header->type == 'S')
        status = pass_sparse_map(reading, header, &entry.offset, error);
    if (status == SILT_OK)
        status = put_entry(reading, header, entry, error);
    reading->at = entry.offset - BLOCK;
    forget(reading);
    return status == SILT_OK ? pass(reading, size) : status;
}

/* Links, directories and devices have no content whatever their size field says. */
static enum silt_status take_other(struct reading *reading, const struct header *header,
                                   struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    struct silt_tar_entry entry = {.kind = header->type == '1' ? SILT_TAR_HARDLINK : SILT_TAR_SYMLINK};
    if (header->type == '1' || header->type == '2')
        status = put_entry(reading, header, entry, error);
    forget(reading);
    return status == SILT_OK ? pass(reading, 0) : status;
}

static enum silt_status take_header(struct reading *reading, const struct header *header,
                                    struct silt_error *error)
{
    uint64_t size;
    if (!parse_number(header->size, sizeof header->size, &size))
        return stop(reading, SILT_ERR_CORRUPT, "bad size in a header");
    if (header->type == 'x' || header->type == 'L' || header->type == 'K')
        return take_extended(reading, header, size, error);
    if (header->type == 'g')
        return pass(reading, size);
    if (header->type >= '1' && header->type <= '6')
        return take_other(reading, header, error);
    return take_file(reading, header, reading->has_size ? reading->size : size, error);
}

static enum silt_status read_all(struct silt_tar_index *index, int fd, struct silt_error *error)
{
    struct reading reading = {.index = index, .fd = fd};
    enum silt_status status = SILT_OK;
    while (status == SILT_OK) {
        struct header header;
        status = read_header(&reading, &header, error);
        if (status == SILT_OK)
            status = take_header(&reading, &header, error);
    }
    silt_buffer_clear(&reading.path);
    silt_buffer_clear(&reading.link);
    return status == SILT_END ? SILT_OK : status;
}

static int compare_names(struct silt_span a, struct silt_span b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_entries(const void *left, const void *right)
{
    const struct silt_tar_entry *a = *(struct silt_tar_entry *const *)left;
    const struct silt_tar_entry *b = *(struct silt_tar_entry *const *)right;
    int order = compare_names(a->name, b->name);
    return order != 0 ? order : (a > b) - (a < b);
}

static enum silt_status sort(struct silt_tar_index *index, struct silt_error *error)
{
    size_t count = index->entries.count;
    index->by_name = calloc(count > 0 ? count : 1, sizeof *index->by_name);
    if (index->by_name == NULL)
        return silt_error_memory(error);
    for (size_t i = 0; i < count; i++)
        index->by_name[i] = silt_array_at(&index->entries, i);
    qsort(index->by_name, count, sizeof *index->by_name, compare_entries);
    for (size_t i = 0; i + 1 < count; i++)
        index->by_name[i]->is_shadowed =
            silt_span_equal(index->by_name[i]->name, index->by_name[i + 1]->name);
    return SILT_OK;
}

enum silt_status silt_tar_index_new(int fd, uint64_t size_bytes, struct silt_tar_index **out,
                                    struct silt_error *error)
{
    struct silt_tar_index *index = calloc(1, sizeof *index);
    if (index == NULL)
        return silt_error_memory(error);
    index->entries.item_size = sizeof(struct silt_tar_entry);
    index->size = index->tail = size_bytes;
    enum silt_status status = read_all(index, fd, error);
    if (status == SILT_OK)
        status = sort(index, error);
    if (status == SILT_OK)
        *out = index;
    else
        silt_tar_index_free(index);
    return status;
}

void silt_tar_index_free(struct silt_tar_index *index)
{
    if (index == NULL)
        return;
    silt_arena_clear(&index->arena);
    silt_array_clear(&index->entries);
    free(index->by_name);
    free(index);
}

size_t silt_tar_index_count(const struct silt_tar_index *index)
{
    return index->entries.count;
}

const struct silt_tar_entry *silt_tar_index_at(const struct silt_tar_index *index, size_t position)
{
    return silt_array_at(&index->entries, position);
}

/* The last entry of a name, NULL if there is none. */
static const struct silt_tar_entry *look_up(const struct silt_tar_index *index, struct silt_span name)
{
    size_t low = 0, high = index->entries.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_names(index->by_name[middle]->name, name) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct silt_tar_entry *found = low > 0 ? index->by_name[low - 1] : NULL;
    return found != NULL && silt_span_equal(found->name, name) ? found : NULL;
}

enum silt_status silt_tar_index_find(const struct silt_tar_index *index, struct silt_span name,
                                     const struct silt_tar_entry **out, struct silt_error *error)
{
    struct silt_span wanted = name;
    for (unsigned hops = 0; hops < LINK_HOPS_MAX; hops++) {
        const struct silt_tar_entry *entry = look_up(index, wanted);
        if (entry == NULL && hops == 0)
            return silt_error_set(error, SILT_ERR_NOT_FOUND, "'%.*s' is not in the archive", (int)name.size,
                                  (const char *)name.data);
        if (entry == NULL)
            return silt_error_set(error, SILT_ERR_NOT_FOUND, "'%.*s' is a link to '%.*s', which is not there",
                                  (int)name.size, (const char *)name.data, (int)wanted.size,
                                  (const char *)wanted.data);
        if (entry->kind == SILT_TAR_FILE) {
            *out = entry;
            return SILT_OK;
        }
        wanted = entry->link;
    }
    return silt_error_set(error, SILT_ERR_NOT_FOUND, "'%.*s' is a link that leads round in circles",
                          (int)name.size, (const char *)name.data);
}

const struct silt_error *silt_tar_index_problem(const struct silt_tar_index *index)
{
    return index->problem.status != SILT_OK ? &index->problem : NULL;
}

uint64_t silt_tar_index_tail(const struct silt_tar_index *index)
{
    return index->tail;
}
