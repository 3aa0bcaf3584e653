/*
 * snapshot_print.c: a set into the bytes that snapshot.c reads.
 */
#include "base/error.h"
#include "signature/snapshot.h"
#include "signature/snapshot_fields.h"

#include <string.h>

struct writer {
    struct silt_buffer words, text;
    struct silt_array files; /* of const char *, as signatures have them */
    struct silt_error *error;
};

static enum silt_status put_word(struct writer *writer, size_t word)
{
    uint32_t value = (uint32_t)word;
    if (word > UINT32_MAX)
        return silt_error_set(writer->error, SILT_ERR_LIMIT, "too many signatures for a snapshot");
    return silt_buffer_append(&writer->words, silt_span_of(&value, sizeof value), writer->error);
}

static enum silt_status put_text(struct writer *writer, const char *text)
{
    enum silt_status status = put_word(writer, writer->text.size);
    if (status != SILT_OK)
        return status;
    return silt_buffer_append(&writer->text, silt_span_of(text, strlen(text) + 1), writer->error);
}

static enum silt_status put_list(struct writer *writer, const char *const *list)
{
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    enum silt_status status = put_word(writer, count);
    for (size_t i = 0; i < count && status == SILT_OK; i++)
        status = put_text(writer, list[i]);
    return status;
}

/* Signatures of one file have the same pointer (signatures_add.c). */
static enum silt_status put_file(struct writer *writer, const char *file)
{
    size_t i = 0;
    while (*(const char **)silt_array_at(&writer->files, i) != file)
        i++;
    return put_word(writer, i);
}

static enum silt_status put_field(struct writer *writer, const struct silt_snapshot_field *field,
                                  const void *target)
{
    uint32_t words[2] = {0};
    switch (field->kind) {
    case SILT_SNAPSHOT_TEXT:
        return put_text(writer, *(const char *const *)target);
    case SILT_SNAPSHOT_LIST:
        return put_list(writer, *(const char *const *const *)target);
    case SILT_SNAPSHOT_FILE:
        return put_file(writer, *(const char *const *)target);
    case SILT_SNAPSHOT_NUMBER:
        memcpy(words, target, sizeof words[0]);
        return put_word(writer, words[0]);
    case SILT_SNAPSHOT_SCORE:
        break;
    }
    memcpy(words, target, sizeof words);
    enum silt_status status = put_word(writer, words[0]);
    return status == SILT_OK ? put_word(writer, words[1]) : status;
}

static bool is_listed(const struct silt_array *files, const char *file)
{
    for (size_t i = 0; i < files->count; i++)
        if (*(const char **)silt_array_at(files, i) == file)
            return true;
    return false;
}

/* The names of all files, without their directory. */
static enum silt_status put_files(struct writer *writer, const struct silt_signatures *set)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < set->items.count && status == SILT_OK; i++) {
        const char *file = silt_signatures_at(set, i)->file;
        if (is_listed(&writer->files, file))
            continue;
        const char **item = silt_array_put(&writer->files);
        const char *slash = strrchr(file, '/');
        if (item == NULL)
            return silt_error_memory(writer->error);
        *item = file;
        status = put_text(writer, slash != NULL ? slash + 1 : file);
    }
    return status;
}

static enum silt_status put_signature(struct writer *writer, const struct silt_signature *signature)
{
    size_t count;
    const struct silt_snapshot_field *fields = silt_snapshot_fields(&count);
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < count && status == SILT_OK; i++)
        status = put_field(writer, &fields[i], (const char *)signature + fields[i].target);
    return status;
}

static enum silt_status put_signatures(struct writer *writer, const struct silt_signatures *set)
{
    enum silt_status status = put_files(writer, set);
    for (size_t i = 0; i < set->items.count && status == SILT_OK; i++)
        status = put_signature(writer, silt_signatures_at(set, i));
    /* so that there always is a text, and a NUL at its end */
    return status == SILT_OK ? silt_buffer_append(&writer->text, silt_span_of("", 1), writer->error) : status;
}

enum silt_status silt_snapshot_print(const struct silt_signatures *set, struct silt_buffer *out,
                                     struct silt_error *error)
{
    struct writer writer = {.files = {.item_size = sizeof(char *)}, .error = error};
    enum silt_status status = put_signatures(&writer, set);
    struct silt_snapshot_head head = {.word_count = writer.words.size / sizeof(uint32_t),
                                      .file_count = writer.files.count,
                                      .signature_count = set->items.count};
    memcpy(head.digest, set->digest, sizeof head.digest);
    if (status == SILT_OK)
        status = silt_buffer_append(out, silt_span_of(&head, sizeof head), error);
    if (status == SILT_OK)
        status = silt_buffer_append(out, silt_buffer_span(&writer.words), error);
    if (status == SILT_OK)
        status = silt_buffer_append(out, silt_buffer_span(&writer.text), error);
    silt_array_clear(&writer.files);
    silt_buffer_clear(&writer.words);
    silt_buffer_clear(&writer.text);
    return status;
}
