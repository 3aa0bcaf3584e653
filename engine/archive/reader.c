/*
 * reader.c: see reader.h.
 *
 * libarchive's view of a container is not trusted to be complete. Entries are always read to their end by
 * archive_read_data_block, whose blocks of stored formats point into the bytes we gave it;
 * archive_filter_bytes says where they stand.
 */
#include "archive/reader.h"

#include "archive/ledger.h"
#include "base/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* RATIO_FREE: output of one packed entry below which its ratio does not matter. EMPTY_DEFLATE: size of
 * nothing, which some tools write for directories. */
enum { RATIO_FREE = 1024 * 1024, EMPTY_DEFLATE = 2 };

struct content {
    struct silt_stream stream;
    struct silt_reader *reader;
    struct silt_span block;    /* of libarchive, not consumed yet */
    struct silt_buffer joined; /* bytes before the block, when a peek wants more than one block */
    size_t joined_at;
    bool is_open, is_ended;
    bool is_sized; /* `size` is what comes: no further call is needed to know the end */
    uint64_t size;
    uint64_t given;   /* fetched from libarchive */
    int64_t expected; /* file offset of the next block if there is no hole */
    uint64_t start;   /* in the container */
};

struct silt_reader {
    struct silt_reader_setup setup;
    struct archive *archive;
    struct archive_entry *entry;
    struct silt_ledger ledger;
    struct content content;
    enum silt_status status; /* memory or CANCELLED: ends everything */
    struct silt_error error;
    bool is_ended;
    struct silt_losses losses; /* damage of the container as a whole; said at the end */
    bool is_damage_moot;       /* it came behind the end mark: no damage if only zeros stand there */
};

static bool is_held(const struct silt_reader *reader)
{
    return reader->setup.format->use == SILT_FORMAT_HELD;
}

static uint64_t position(const struct silt_reader *reader)
{
    return (uint64_t)archive_filter_bytes(reader->archive, 0);
}

static la_ssize_t on_read(struct archive *archive, void *context, const void **out)
{
    struct silt_reader *reader = context;
    struct silt_span bytes = {0};
    enum silt_status status = silt_ledger_pull(&reader->ledger, position(reader), &bytes);
    errno = 0; /* see name_of */
    if (status == SILT_OK) {
        *out = bytes.data;
        return (la_ssize_t)bytes.size;
    }
    if (status == SILT_END)
        return 0;
    archive_set_error(archive, EIO, "%s", reader->ledger.error.message);
    return -1;
}

static bool is_final(enum silt_status status)
{
    return status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED;
}

/* Remembers a failure that ends the walk. */
static enum silt_status note(struct silt_reader *reader, enum silt_status status)
{
    if (status == SILT_OK || status == SILT_END || !is_final(status))
        return SILT_OK;
    reader->status = status;
    reader->error = reader->ledger.error;
    return status;
}

static bool has_failed_input(const struct silt_reader *reader)
{
    return reader->ledger.status != SILT_OK && reader->ledger.status != SILT_END;
}

static void settle(struct silt_reader *reader)
{
    if (!is_held(reader))
        note(reader, silt_ledger_settle(&reader->ledger, position(reader)));
}

static void complain(struct silt_reader *reader, enum silt_skip_reason reason, bool of_entry, uint64_t bytes,
                     const char *detail)
{
    reader->setup.complaint.make(reader->setup.complaint.context, reason, of_entry, bytes, detail);
}

static const char *error_text(struct silt_reader *reader)
{
    const char *text = archive_error_string(reader->archive);
    return text != NULL && text[0] != '\0' ? text : "the archive ends too early";
}

/* The reason for a failure that libarchive explains by words only. */
static enum silt_skip_reason reason_of(struct silt_reader *reader)
{
    const char *text = error_text(reader);
    if (strcasestr(text, "crypt") != NULL || strcasestr(text, "passphrase") != NULL)
        return SILT_SKIP_ENCRYPTED;
    if (strcasestr(text, "unsupported") != NULL || strcasestr(text, "not supported") != NULL)
        return SILT_SKIP_UNSUPPORTED;
    return archive_errno(reader->archive) == ENOMEM ? SILT_SKIP_MEMORY : SILT_SKIP_DAMAGED;
}

static void complain_entry(struct silt_reader *reader)
{
    if (!has_failed_input(reader))
        complain(reader, reason_of(reader), true, 0, error_text(reader));
}

/* The entry cannot be read further: what is left of it is gap. */
static void give_up(struct silt_reader *reader)
{
    reader->content.is_ended = true;
    settle(reader);
    reader->ledger.phase = SILT_LEDGER_KNOWN;
}

static void end_content(struct silt_reader *reader)
{
    reader->content.is_ended = true;
    if (reader->setup.format->is_stored || is_held(reader))
        return;
    uint64_t start = position(reader);
    bool is_file = archive_entry_filetype(reader->entry) == AE_IFREG;
    if (!is_file)
        reader->ledger.phase = SILT_LEDGER_HEADER; /* libarchive passes over what a directory holds */
    archive_read_data_skip(reader->archive);       /* takes the packed bytes that the last block came from */
    if (is_file || position(reader) - start <= EMPTY_DEFLATE)
        reader->ledger.phase = SILT_LEDGER_PACKED;
    settle(reader);
}

static bool is_bomb(const struct silt_reader *reader)
{
    const struct content *content = &reader->content;
    if (reader->setup.max_ratio == 0 || reader->setup.format->is_stored || content->given <= RATIO_FREE)
        return false;
    uint64_t packed = is_held(reader) ? reader->setup.held.size : position(reader) - content->start;
    return content->given / reader->setup.max_ratio > packed;
}

/* A hole becomes one zero byte, so that what stands on its two sides does not run together. */
static enum silt_status put_hole(struct silt_reader *reader)
{
    static const uint8_t zero[1] = {0};
    return silt_buffer_append(&reader->content.joined, silt_span_of(zero, 1), &reader->error);
}

static enum silt_status take_block(struct silt_reader *reader, struct silt_span block, int64_t offset)
{
    struct content *content = &reader->content;
    enum silt_status status = SILT_OK;
    if (reader->setup.format->is_stored)
        status = note(reader, silt_ledger_content(&reader->ledger, position(reader), block.size));
    if (status == SILT_OK && !content->is_sized && reader->setup.format->is_sized &&
        offset != content->expected)
        status = put_hole(reader);
    content->expected = offset + (int64_t)block.size;
    content->block = block;
    content->given += block.size;
    if (content->is_sized && content->given >= content->size)
        content->is_ended = true;
    return status;
}

/* A size in the header that is less than what libarchive hands out: the rest is nobody's content. */
static void clip(const struct content *content, size_t *size)
{
    if (content->is_sized && *size > content->size - content->given)
        *size = (size_t)(content->size - content->given);
}

/* The next block of the entry, or its end. */
static enum silt_status fetch(struct silt_reader *reader)
{
    const void *data = NULL;
    size_t size = 0;
    la_int64_t offset = 0;
    int result = archive_read_data_block(reader->archive, &data, &size, &offset);
    if (reader->status != SILT_OK)
        return reader->status;
    if (result == ARCHIVE_WARN || result == ARCHIVE_OK) {
        if (result == ARCHIVE_WARN)
            complain_entry(reader);
        clip(&reader->content, &size);
        enum silt_status status = SILT_OK;
        if (size > 0)
            status = take_block(reader, silt_span_of(data, size), offset);
        if (status == SILT_OK && is_bomb(reader)) {
            complain(reader, SILT_SKIP_RATIO, true, 0, "the entry expands too much");
            give_up(reader);
        }
        return status;
    }
    if (result == ARCHIVE_EOF) {
        end_content(reader);
        return reader->status;
    }
    complain_entry(reader);
    give_up(reader);
    return reader->status;
}

static size_t joined_size(const struct content *content)
{
    return content->joined.size - content->joined_at;
}

/* Moves bytes of the block behind the joined ones, `want` in all. */
static enum silt_status join(struct content *content, size_t want)
{
    if (joined_size(content) == 0)
        content->joined.size = content->joined_at = 0;
    struct silt_span part = silt_span_slice(content->block, 0, want - joined_size(content));
    content->block = silt_span_slice(content->block, part.size, content->block.size);
    return silt_buffer_append(&content->joined, part, &content->reader->error);
}

static enum silt_status content_fill(struct content *content, size_t want)
{
    while (joined_size(content) < want) {
        if (joined_size(content) == 0 && (content->block.size >= want || content->is_ended))
            return SILT_OK;
        enum silt_status status = SILT_OK;
        if (content->block.size > 0)
            status = join(content, want);
        else if (content->is_ended)
            return SILT_OK;
        if (status == SILT_OK && content->block.size == 0 && joined_size(content) < want &&
            !content->is_ended)
            status = fetch(content->reader);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}

static enum silt_status content_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                     struct silt_error *error)
{
    struct content *content = (struct content *)stream;
    enum silt_status status = content->reader->status;
    if (status == SILT_OK)
        status = content_fill(content, want);
    if (status != SILT_OK)
        return silt_error_set(error, status, "%s", content->reader->error.message);
    *out = content->block;
    if (joined_size(content) > 0)
        *out = silt_span_slice(silt_buffer_span(&content->joined), content->joined_at, content->joined.size);
    return out->size > 0 ? SILT_OK : SILT_END;
}

static void content_consume(struct silt_stream *stream, size_t size)
{
    struct content *content = (struct content *)stream;
    if (joined_size(content) > 0)
        content->joined_at += size;
    else
        content->block = silt_span_slice(content->block, size, content->block.size);
}

static void content_free(struct silt_stream *stream)
{
    (void)stream;
}

static const struct silt_stream_ops content_ops = {content_peek, content_consume, content_free};

static void open_content(struct silt_reader *reader)
{
    struct content *content = &reader->content;
    struct silt_buffer joined = content->joined;
    joined.size = 0;
    *content = (struct content){
        .stream = {.ops = &content_ops}, .reader = reader, .joined = joined, .is_open = true};
    int64_t size = archive_entry_size(reader->entry);
    content->is_sized = reader->setup.format->is_sized && archive_entry_size_is_set(reader->entry) &&
                        size >= 0 && archive_entry_sparse_count(reader->entry) == 0;
    content->size = size > 0 ? (uint64_t)size : 0;
    content->is_ended = content->is_sized && size == 0;
    content->start = is_held(reader) ? 0 : position(reader);
    reader->ledger.phase = reader->setup.format->is_stored ? SILT_LEDGER_STORED : SILT_LEDGER_PACKED;
}

static enum silt_status close_content(struct silt_reader *reader, struct silt_error *error)
{
    if (!reader->content.is_open)
        return SILT_OK;
    reader->content.is_open = false;
    return silt_stream_drain(&reader->content.stream, error);
}

/* libarchive 3.6.2 ends the whole process when a name does not convert while errno says ENOMEM, whoever left
 * that there (archive_entry_pathname and the like, archive_entry.c). So it starts from zero in front of each
 * call that converts names. */
static const char *name_of(struct archive_entry *entry, const char *(*get)(struct archive_entry *))
{
    errno = 0;
    return get(entry);
}

static struct silt_span link_target(struct archive_entry *entry)
{
    const char *target = name_of(entry, archive_entry_hardlink);
    return silt_span_text(target != NULL ? target : name_of(entry, archive_entry_symlink));
}

static enum silt_entry_kind kind_of(struct archive_entry *entry)
{
    if (name_of(entry, archive_entry_hardlink) != NULL)
        return SILT_ENTRY_HARDLINK;
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
    case 0:
        return SILT_ENTRY_FILE;
    case AE_IFDIR:
        return SILT_ENTRY_DIRECTORY;
    case AE_IFLNK:
        return SILT_ENTRY_SYMLINK;
    default:
        return SILT_ENTRY_SPECIAL;
    }
}

/* A directory or link that has content is handed out as a file: its content counts. */
static enum silt_status fill_entry(struct silt_reader *reader, struct silt_entry *out,
                                   struct silt_error *error)
{
    struct archive_entry *entry = reader->entry;
    *out = (struct silt_entry){.kind = kind_of(entry), .content = NULL};
    out->path_bytes = silt_span_text(name_of(entry, archive_entry_pathname));
    out->link_target = link_target(entry);
    out->size = archive_entry_size(entry) > 0 ? (uint64_t)archive_entry_size(entry) : 0;
    out->mode = archive_entry_mode(entry);
    open_content(reader);
    if (out->kind == SILT_ENTRY_FILE) {
        out->content = &reader->content.stream;
        return SILT_OK;
    }
    struct silt_span head;
    enum silt_status status = silt_stream_peek(&reader->content.stream, 1, &head, error);
    if (status == SILT_OK) {
        out->kind = SILT_ENTRY_FILE;
        out->content = &reader->content.stream;
    }
    return status == SILT_END ? SILT_OK : status;
}

static int next_header(struct silt_reader *reader)
{
    settle(reader);
    reader->ledger.check.weight = 0;
    if (reader->ledger.phase != SILT_LEDGER_KNOWN)
        reader->ledger.phase = SILT_LEDGER_HEADER;
    locale_t before = uselocale(reader->setup.locale);
    errno = 0; /* see name_of */
    int result = archive_read_next_header2(reader->archive, reader->entry);
    uselocale(before);
    settle(reader);
    reader->ledger.phase = SILT_LEDGER_HEADER;
    return result;
}

/* The first damage of the container is remembered. */
static void note_damage(struct silt_reader *reader)
{
    if (reader->losses.damage[0] == '\0')
        snprintf(reader->losses.damage, sizeof reader->losses.damage, "%s", error_text(reader));
}

/* libarchive is through, well or not. */
static enum silt_status end(struct silt_reader *reader, bool is_damaged)
{
    reader->is_ended = true;
    reader->is_damage_moot = reader->losses.damage[0] == '\0';
    if (is_damaged && !has_failed_input(reader)) {
        if (reason_of(reader) == SILT_SKIP_DAMAGED)
            note_damage(reader);
        else
            complain(reader, reason_of(reader), false, 0, error_text(reader));
    }
    if (!is_held(reader))
        note(reader, silt_ledger_close(&reader->ledger, position(reader)));
    reader->is_damage_moot = reader->is_damage_moot && reader->ledger.check.is_ended;
    return reader->status != SILT_OK ? reader->status : SILT_END;
}

static enum silt_status read_entry(struct silt_reader *reader, struct silt_entry *out, bool *is_done,
                                   struct silt_error *error)
{
    int result = next_header(reader);
    *is_done = true;
    if (reader->status != SILT_OK)
        return reader->status;
    if (result == ARCHIVE_EOF || result == ARCHIVE_FATAL)
        return end(reader, result == ARCHIVE_FATAL);
    *is_done = result != ARCHIVE_RETRY && result != ARCHIVE_FAILED;
    if (*is_done)
        return fill_entry(reader, out, error);
    note_damage(reader); /* libarchive tries the next block */
    return SILT_OK;
}

enum silt_status silt_reader_next(struct silt_reader *reader, struct silt_entry *out,
                                  struct silt_error *error)
{
    enum silt_status status = close_content(reader, error);
    if (status != SILT_OK)
        return status;
    if (reader->is_ended)
        return SILT_END;
    for (bool is_done = false; !is_done;) {
        if (silt_gap_is_full(reader->setup.gap)) {
            *out = (struct silt_entry){.kind = SILT_ENTRY_RAW};
            return SILT_OK;
        }
        status = read_entry(reader, out, &is_done, error);
        if (status != SILT_OK)
            break;
    }
    if (reader->status != SILT_OK)
        return silt_error_set(error, reader->status, "%s", reader->error.message);
    return status;
}

struct silt_check *silt_reader_check(struct silt_reader *reader, uint64_t *base)
{
    *base = reader->ledger.base;
    return is_held(reader) ? NULL : &reader->ledger.check;
}

void silt_reader_finish(struct silt_reader *reader, struct silt_losses *losses)
{
    struct silt_check *check = &reader->ledger.check;
    if (check->ops != NULL)
        check->ops->end(check, reader->ledger.input->offset - reader->ledger.base);
    bool is_moot = check->ops == &silt_tarcheck && reader->is_damage_moot && check->hidden_bytes == 0;
    if (losses->damage[0] == '\0' && !is_moot)
        memcpy(losses->damage, reader->losses.damage, sizeof losses->damage);
    if (losses->hidden_bytes == 0)
        losses->hidden_offset = reader->ledger.base + check->hidden_offset;
    losses->hidden_bytes += check->hidden_bytes;
}

void silt_reader_free(struct silt_reader *reader)
{
    if (reader == NULL)
        return;
    archive_read_free(reader->archive);
    archive_entry_free(reader->entry);
    silt_ledger_clear(&reader->ledger);
    silt_buffer_wipe(&reader->content.joined);
    free(reader);
}

static int open_archive(struct silt_reader *reader)
{
    struct archive *archive = reader->archive;
    int result = reader->setup.format->support(archive);
    if (result == ARCHIVE_OK && reader->setup.format->options != NULL)
        result = archive_read_set_options(archive, reader->setup.format->options);
    /* libarchive 3.6.2 opens all the same, and crashes, when it cannot allocate this for itself */
    if (result == ARCHIVE_OK)
        result = archive_read_set_callback_data(archive, NULL);
    if (result != ARCHIVE_OK)
        return result;
    if (is_held(reader))
        return archive_read_open_memory(archive, reader->setup.held.data, reader->setup.held.size);
    return archive_read_open(archive, reader, NULL, on_read, NULL);
}

/* A container that libarchive does not even begin to read is one that ended at once, damaged. */
static enum silt_status begin(struct silt_reader *reader)
{
    if (open_archive(reader) >= ARCHIVE_WARN)
        return reader->status;
    if (archive_errno(reader->archive) == ENOMEM)
        return SILT_ERR_MEMORY;
    enum silt_status status = end(reader, true);
    return status == SILT_END ? SILT_OK : status;
}

enum silt_status silt_reader_open(const struct silt_reader_setup *setup, struct silt_reader **out,
                                  struct silt_error *error)
{
    struct silt_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return silt_error_memory(error);
    reader->setup = *setup;
    reader->archive = archive_read_new();
    reader->entry = archive_entry_new();
    silt_ledger_open(&reader->ledger, setup->input, setup->gap, setup->format->check);
    enum silt_status status = SILT_ERR_MEMORY;
    if (reader->archive != NULL && reader->entry != NULL)
        status = begin(reader);
    if (status != SILT_OK) {
        silt_error_set(error, status, "%s",
                       status == SILT_ERR_MEMORY ? "out of memory" : reader->error.message);
        silt_reader_free(reader);
        return status;
    }
    *out = reader;
    return SILT_OK;
}

const char *silt_reader_version(void)
{
    return archive_version_string();
}
