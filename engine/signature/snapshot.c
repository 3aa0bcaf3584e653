/*
 * snapshot.c: signatures out of words and text, whatever the bytes are.
 */
#include "signature/snapshot.h"

#include "base/error.h"
#include "base/fingerprint.h"
#include "base/hasher.h"
#include "signature/json_files.h"
#include "signature/snapshot_fields.h"

#include <stdio.h>
#include <string.h>

enum silt_status silt_snapshot_key(const char *directory, struct silt_digest *out, struct silt_error *error)
{
    struct silt_hasher *hasher;
    const uint64_t size = sizeof(struct silt_signature);
    enum silt_status status = silt_hasher_new(&hasher, error);
    if (status != SILT_OK)
        return status;
    silt_hasher_put(hasher, silt_span_text(silt_fingerprint()));
    silt_hasher_put(hasher, silt_span_of(&size, sizeof size)); /* of pointers as well */
    status = silt_json_files_hash(directory, hasher, error);
    silt_hasher_take(hasher, out);
    silt_hasher_free(hasher);
    return status;
}

struct reader {
    struct silt_span words; /* those that are left */
    struct silt_span text;
    const char **files;
    size_t file_count;
    struct silt_arena *arena;
    struct silt_error *error;
};

static enum silt_status damaged(const struct reader *reader)
{
    return silt_error_set(reader->error, SILT_ERR_CORRUPT, "no snapshot of signatures, or a damaged one");
}

/* The next word. Behind the last, what is no offset, no count, no number of anything. */
static uint32_t take(struct reader *reader)
{
    uint32_t word = UINT32_MAX;
    if (reader->words.size >= sizeof word)
        memcpy(&word, reader->words.data, sizeof word);
    reader->words = silt_span_slice(reader->words, sizeof word, reader->words.size);
    return word;
}

static enum silt_status take_text(struct reader *reader, const char **out)
{
    uint32_t offset = take(reader);
    if (offset >= reader->text.size)
        return damaged(reader);
    *out = (const char *)reader->text.data + offset;
    return SILT_OK;
}

/* An item takes a word, so that no count asks for more memory than the words have already. */
static enum silt_status take_list(struct reader *reader, const char *const **out)
{
    uint32_t count = take(reader);
    if (count > reader->words.size / sizeof(uint32_t))
        return damaged(reader);
    const char **list = silt_arena_take(reader->arena, (count + (size_t)1) * sizeof *list);
    if (list == NULL)
        return silt_error_memory(reader->error);
    enum silt_status status = SILT_OK;
    for (uint32_t i = 0; i < count && status == SILT_OK; i++)
        status = take_text(reader, &list[i]);
    *out = list;
    return status;
}

static enum silt_status take_number(struct reader *reader, const struct silt_snapshot_field *field,
                                    void *target)
{
    uint32_t number = take(reader);
    if (number < field->least || number > field->most)
        return damaged(reader);
    memcpy(target, &number, sizeof number);
    return SILT_OK;
}

static enum silt_status take_score(struct reader *reader, double *out)
{
    uint32_t words[2];
    words[0] = take(reader);
    words[1] = take(reader);
    memcpy(out, words, sizeof words);
    return *out >= 0 && *out <= 1 ? SILT_OK : damaged(reader);
}

static enum silt_status take_file(struct reader *reader, const char **out)
{
    uint32_t number = take(reader);
    if (number >= reader->file_count)
        return damaged(reader);
    *out = reader->files[number];
    return SILT_OK;
}

static enum silt_status take_field(struct reader *reader, const struct silt_snapshot_field *field,
                                   void *target)
{
    switch (field->kind) {
    case SILT_SNAPSHOT_TEXT:
        return take_text(reader, target);
    case SILT_SNAPSHOT_LIST:
        return take_list(reader, target);
    case SILT_SNAPSHOT_NUMBER:
        return take_number(reader, field, target);
    case SILT_SNAPSHOT_SCORE:
        return take_score(reader, target);
    case SILT_SNAPSHOT_FILE:
        break;
    }
    return take_file(reader, target);
}

static enum silt_status take_path(struct reader *reader, const char *directory, const char **out)
{
    const char *name = "";
    enum silt_status status = take_text(reader, &name);
    if (status != SILT_OK)
        return status;
    size_t size = strlen(directory) + 1 + strlen(name) + 1;
    char *path = silt_arena_take(reader->arena, size);
    if (path == NULL)
        return silt_error_memory(reader->error);
    snprintf(path, size, "%s/%s", directory, name);
    *out = path;
    return SILT_OK;
}

static enum silt_status take_files(struct reader *reader, const char *directory)
{
    if (reader->file_count > reader->words.size / sizeof(uint32_t))
        return damaged(reader);
    reader->files = silt_arena_take(reader->arena, (reader->file_count + 1) * sizeof *reader->files);
    if (reader->files == NULL)
        return silt_error_memory(reader->error);
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < reader->file_count && status == SILT_OK; i++)
        status = take_path(reader, directory, &reader->files[i]);
    return status;
}

/* Look-ups need the order; matching needs something to look for. */
static bool is_sound(const struct silt_signatures *set)
{
    size_t last = set->items.count - 1;
    const struct silt_signature *signature = silt_signatures_at(set, last);
    if (signature->pattern[0] == '\0' && signature->path[0] == '\0')
        return false;
    return last == 0 || strcmp(silt_signatures_at(set, last - 1)->id, signature->id) < 0;
}

static enum silt_status take_signature(struct reader *reader, struct silt_signatures *set)
{
    struct silt_signature *signature = silt_array_put(&set->items);
    if (signature == NULL)
        return silt_error_memory(reader->error);
    size_t count;
    const struct silt_snapshot_field *fields = silt_snapshot_fields(&count);
    for (size_t i = 0; i < count; i++) {
        enum silt_status status = take_field(reader, &fields[i], (char *)signature + fields[i].target);
        if (status != SILT_OK)
            return status;
    }
    return is_sound(set) ? SILT_OK : damaged(reader);
}

/* Whether head and text are what they should be; the words are checked one by one. */
static bool open_reader(struct reader *reader, struct silt_span bytes, struct silt_snapshot_head *head)
{
    if (bytes.size < sizeof *head)
        return false;
    memcpy(head, bytes.data, sizeof *head);
    bytes = silt_span_slice(bytes, sizeof *head, bytes.size);
    if (head->word_count > bytes.size / sizeof(uint32_t) || head->digest[sizeof head->digest - 1] != '\0')
        return false;
    reader->words = silt_span_slice(bytes, 0, head->word_count * sizeof(uint32_t));
    reader->text = silt_span_slice(bytes, reader->words.size, bytes.size);
    reader->file_count = head->file_count;
    return reader->text.size > 0 && reader->text.size < UINT32_MAX &&
           reader->text.data[reader->text.size - 1] == '\0';
}

enum silt_status silt_snapshot_parse(struct silt_span bytes, const char *directory,
                                     struct silt_signatures *set, struct silt_error *error)
{
    struct silt_snapshot_head head;
    struct reader reader = {.arena = &set->arena, .error = error};
    if (!open_reader(&reader, bytes, &head))
        return damaged(&reader);
    enum silt_status status = take_files(&reader, directory);
    for (uint64_t i = 0; i < head.signature_count && status == SILT_OK; i++)
        status = take_signature(&reader, set);
    if (status == SILT_OK && reader.words.size > 0)
        status = damaged(&reader);
    memcpy(set->digest, head.digest, sizeof set->digest);
    return status;
}
