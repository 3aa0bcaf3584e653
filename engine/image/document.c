/*
 * document.c: blobs to JSON.
 *
 * Bounds: 32 MiB a document, 256 MiB and 20,000 documents a catalog. (The largest config met in public images
 * has some 100 KiB.)
 */
#include "image/document.h"

#include "base/error.h"

enum { DOCUMENT_MAX = 32 << 20, ALL_MAX = 256 << 20, DOCUMENTS_MAX = 20000, RAW_MAX = 4 << 20 };

/* Reads up to DOCUMENT_MAX bytes. *is_cut tells that there were more. */
static enum silt_status read_stream(struct silt_stream *stream, struct silt_buffer *out, bool *is_cut,
                                    struct silt_error *error)
{
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(stream, 1, &bytes, error);
        if (status != SILT_OK)
            return status == SILT_END ? SILT_OK : status;
        size_t room = DOCUMENT_MAX - out->size;
        *is_cut = bytes.size > room;
        status = silt_buffer_append(out, silt_span_slice(bytes, 0, room), error);
        if (status != SILT_OK || *is_cut)
            return status;
        silt_stream_consume(stream, bytes.size);
    }
}

static bool is_fatal(enum silt_status status)
{
    return status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED;
}

/* Finds and reads the bytes. */
static enum silt_status load(struct silt_reader *reader, const struct silt_document_want *want,
                             struct silt_buffer *out, struct silt_error *error)
{
    struct silt_stream *stream;
    uint64_t size = 0;
    bool is_cut = false;
    enum silt_status status = reader->source->ops->find(reader->source, want->name, &stream, &size, error);
    if (status != SILT_OK)
        return status;
    status = read_stream(stream, out, &is_cut, error);
    silt_stream_free(stream);
    reader->bytes += out->size;
    if (is_cut)
        return silt_error_set(error, SILT_ERR_LIMIT, "larger than %d MiB", DOCUMENT_MAX >> 20);
    return status;
}

enum silt_status silt_document_keep_raw(struct silt_reader *reader, const char *name,
                                        const struct silt_document_json *document, struct silt_error *error)
{
    struct silt_catalog *catalog = reader->catalog;
    struct silt_span text = silt_span_slice(silt_buffer_span(&document->text), 0, RAW_MAX);
    if (text.size == 0 || catalog->arena.used + text.size > SILT_TEXTS_MAX)
        return SILT_OK;
    const char *copy = silt_arena_copy(&catalog->arena, text);
    const char *path = silt_arena_copy(&catalog->arena, silt_span_text(name));
    struct silt_document *raw = copy != NULL && path != NULL ? silt_array_put(&catalog->raw) : NULL;
    if (raw == NULL)
        return silt_error_memory(error);
    *raw = (struct silt_document){SILT_ORIGIN_ANNOTATION, path, silt_span_of(copy, text.size), -1};
    return SILT_OK;
}

/* Says what is wrong and keeps the text to be matched all the same. */
static enum silt_status give_up(struct silt_reader *reader, const struct silt_document_want *want,
                                struct silt_document_json *document, const struct silt_error *why,
                                struct silt_error *error)
{
    if (want->may_be_missing && why->status == SILT_ERR_NOT_FOUND)
        return SILT_OK;
    size_t size = document->text.size;
    const char *cut = "";
    if (size > RAW_MAX)
        cut = "; only its first 4 MiB are scanned";
    enum silt_status status =
        silt_reader_problem(reader, error, why->status, want->name, "%.300s%s", why->message, cut);
    return status == SILT_OK ? silt_document_keep_raw(reader, want->name, document, error) : status;
}

/* A document that is not what its descriptor promised is used all the same, and said to be wrong. */
static enum silt_status check(struct silt_reader *reader, const struct silt_document_want *want,
                              struct silt_document_json *document, struct silt_error *error)
{
    struct silt_digest actual, expected;
    silt_digest_of(silt_buffer_span(&document->text), &actual);
    silt_digest_print(&actual, document->digest);
    if (want->digest != NULL && !silt_digest_parse(silt_span_text(want->digest), &expected))
        return silt_reader_problem(reader, error, SILT_ERR_UNSUPPORTED, want->name,
                                   "its digest %.100s cannot be checked: only sha256 is known", want->digest);
    if (want->digest != NULL && !silt_digest_equal(&actual, &expected))
        return silt_reader_problem(reader, error, SILT_ERR_DIGEST, want->name,
                                   "the content's digest is %s, expected %s", document->digest, want->digest);
    if (want->size != 0 && want->size != document->text.size)
        return silt_reader_problem(reader, error, SILT_ERR_CORRUPT, want->name,
                                   "it has %zu bytes, its descriptor says %llu", document->text.size,
                                   (unsigned long long)want->size);
    return SILT_OK;
}

enum silt_status silt_document_read(struct silt_reader *reader, const struct silt_document_want *want,
                                    struct silt_document_json *out, struct silt_error *error)
{
    struct silt_error why = {0};
    if (reader->bytes > ALL_MAX || ++reader->documents > DOCUMENTS_MAX)
        return silt_error_set(error, SILT_ERR_LIMIT, "too many documents in one target");
    enum silt_status status = load(reader, want, &out->text, &why);
    if (status == SILT_OK)
        status = check(reader, want, out, error);
    else if (!is_fatal(status))
        return give_up(reader, want, out, &why, error);
    if (is_fatal(status)) {
        return silt_error_set(error, status, "%s", why.status != SILT_OK ? why.message : "out of memory");
    }
    status = silt_json_parse(silt_buffer_span(&out->text), reader->json_budget, &out->root, &why);
    if (status == SILT_OK)
        return SILT_OK;
    out->root = NULL;
    return give_up(reader, want, out, &why, error);
}

void silt_document_clear(struct silt_document_json *document)
{
    silt_json_free(document->root);
    silt_buffer_wipe(&document->text);
    *document = (struct silt_document_json){0};
}
