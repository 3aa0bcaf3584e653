/*
 * blob_stream.c: GET /v2/NAME/blobs/DIGEST, as often as it takes (OCI distribution spec, "Pulling blobs").
 */
#include "registry/blob_stream.h"

#include "base/error.h"
#include "registry/image_name.h"
#include "registry/retry.h"
#include "stream/refill.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A blob without a size in its manifest is read up to SIZE_UNKNOWN_MAX. Each PROGRESS bytes buy a new set of
 * tries, so that a server that gives a byte a connection does not keep anyone for ever. */
enum { BLOCK_SIZE = 256 * 1024, PROGRESS = 1024 * 1024, PATH_SIZE = 512 };
#define SIZE_UNKNOWN_MAX ((uint64_t)64 << 30)

struct blob_stream {
    struct silt_refill refill;
    struct silt_session *session;
    struct silt_exchange *exchange; /* NULL: to be asked for again */
    struct silt_retry retry;
    uint64_t position, progress_at;
    uint64_t end; /* the size, UINT64_MAX if unknown */
    char repository[SILT_IMAGE_NAME_REPOSITORY_SIZE];
    char digest[SILT_IMAGE_NAME_DIGEST_SIZE];
};

static enum silt_status refuse_length(const struct blob_stream *blob, uint64_t offered,
                                      struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_CORRUPT,
                          "the registry offers %" PRIu64 " bytes, the manifest says %" PRIu64, offered,
                          blob->end);
}

/* Where the bytes of a partial answer begin (RFC 9110, 14.4: "bytes FIRST-LAST/SIZE"). */
static bool read_range_start(const struct silt_exchange *exchange, uint64_t *out)
{
    struct silt_span value = silt_exchange_header(exchange, "Content-Range", 0);
    char text[64], *end;
    if (!silt_span_has_prefix(value, "bytes ") || value.size >= sizeof text)
        return false;
    memcpy(text, value.data + 6, value.size - 6);
    text[value.size - 6] = '\0';
    *out = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '-';
}

/* A server that knows no ranges begins anew: what was seen already is thrown away. */
static enum silt_status skip_seen(struct blob_stream *blob, struct silt_error *error)
{
    uint64_t left = blob->position;
    while (left > 0) {
        uint8_t chunk[16 * 1024];
        size_t made, wanted = left < sizeof chunk ? (size_t)left : sizeof chunk;
        enum silt_status status = silt_exchange_read(blob->exchange, chunk, wanted, &made, error);
        if (status == SILT_END)
            return silt_error_set(error, SILT_ERR_IO, "it is shorter than before");
        if (status != SILT_OK)
            return status;
        left -= made;
    }
    return SILT_OK;
}

static enum silt_status check_start(struct blob_stream *blob, struct silt_error *error)
{
    uint64_t start = 0;
    int64_t length = silt_exchange_length(blob->exchange);
    bool is_partial = silt_exchange_code(blob->exchange) == 206;
    if (is_partial && (!read_range_start(blob->exchange, &start) || start != blob->position))
        return silt_error_set(error, SILT_ERR_CORRUPT, "the registry sends another part than was asked for");
    if (length >= 0 && blob->end != UINT64_MAX && start + (uint64_t)length != blob->end)
        return refuse_length(blob, start + (uint64_t)length, error);
    return start == blob->position ? SILT_OK : skip_seen(blob, error);
}

static void hang_up(struct blob_stream *blob)
{
    silt_exchange_free(blob->exchange);
    blob->exchange = NULL;
}

static enum silt_status ask(struct blob_stream *blob, struct silt_error *error)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/v2/%s/blobs/%s", blob->repository, blob->digest);
    const struct silt_session_want want = {
        .repository = blob->repository, .path = path, .range_from = blob->position};
    enum silt_status status = silt_session_get(blob->session, &want, &blob->exchange, error);
    if (status != SILT_OK)
        return status;
    status = check_start(blob, error);
    if (status != SILT_OK)
        hang_up(blob);
    return status;
}

static void count_progress(struct blob_stream *blob, size_t made)
{
    blob->position += made;
    if (blob->position - blob->progress_at < PROGRESS)
        return;
    blob->progress_at = blob->position;
    blob->retry = (struct silt_retry){0};
}

/* Behind the last byte: nothing more may come. */
static enum silt_status check_end(struct blob_stream *blob, struct silt_error *error)
{
    uint8_t more;
    size_t made = 0;
    enum silt_status status = SILT_END;
    if (blob->exchange != NULL)
        status = silt_exchange_read(blob->exchange, &more, 1, &made, error);
    hang_up(blob);
    if (status == SILT_OK)
        return silt_error_set(error, SILT_ERR_CORRUPT,
                              "the registry sends more than the %" PRIu64 " bytes that the manifest says",
                              blob->end);
    return status == SILT_ERR_CANCELLED || status == SILT_ERR_MEMORY ? status : SILT_END;
}

/* Reads from the connection that is there. END if it ended where the blob does not. */
static enum silt_status read_some(struct blob_stream *blob, uint8_t *room, size_t size, size_t *made,
                                  struct silt_error *error)
{
    uint64_t rest = blob->end - blob->position;
    enum silt_status status =
        silt_exchange_read(blob->exchange, room, size < rest ? size : (size_t)rest, made, error);
    count_progress(blob, *made);
    if (status != SILT_END || blob->end == UINT64_MAX)
        return status;
    return silt_error_set(error, SILT_ERR_IO, "the connection ended after %" PRIu64 " of %" PRIu64 " bytes",
                          blob->position, blob->end);
}

/* One try. A status other than IO is final. */
static enum silt_status try_once(struct blob_stream *blob, uint8_t *room, size_t size, size_t *made,
                                 struct silt_error *error)
{
    *made = 0;
    if (blob->position == blob->end)
        return check_end(blob, error);
    if (blob->end == UINT64_MAX && blob->position > SIZE_UNKNOWN_MAX)
        return silt_error_set(error, SILT_ERR_LIMIT,
                              "the manifest gives no size, and it is larger than 64 GiB");
    if (blob->exchange == NULL) {
        enum silt_status status = ask(blob, error);
        if (status != SILT_OK)
            return status == SILT_ERR_IO ? SILT_ERR_UNSUPPORTED : status; /* the session has tried enough */
    }
    return read_some(blob, room, size, made, error);
}

static enum silt_status blob_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                  struct silt_error *error)
{
    struct blob_stream *blob = (struct blob_stream *)refill;
    for (;;) {
        struct silt_error why = {0};
        enum silt_status status = try_once(blob, room, size, made, &why);
        if (status == SILT_OK || status == SILT_END)
            return status;
        hang_up(blob);
        struct silt_error waited = {0};
        if (status == SILT_ERR_IO)
            status = silt_retry_wait(&blob->retry, silt_session_client(blob->session), 0, &waited);
        if (status == SILT_OK)
            continue;
        return silt_error_set(
            error, status == SILT_ERR_LIMIT || status == SILT_ERR_UNSUPPORTED ? SILT_ERR_IO : status,
            "%s/%s@%s: %.250s", silt_session_host(blob->session), blob->repository, blob->digest,
            why.message[0] != '\0' ? why.message : waited.message);
    }
}

static void blob_close(struct silt_refill *refill)
{
    hang_up((struct blob_stream *)refill);
}

static const struct silt_refill_ops blob_ops = {blob_fill, blob_close};

enum silt_status silt_blob_stream_open(struct silt_session *session, const struct silt_blob_stream_want *want,
                                       struct silt_stream **out, struct silt_error *error)
{
    struct blob_stream *blob = calloc(1, sizeof *blob);
    if (blob == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_refill_init(&blob->refill, &blob_ops, BLOCK_SIZE, error);
    if (status != SILT_OK) {
        free(blob);
        return status;
    }
    blob->session = session;
    blob->end = want->size >= 0 ? (uint64_t)want->size : UINT64_MAX;
    snprintf(blob->repository, sizeof blob->repository, "%s", want->repository);
    snprintf(blob->digest, sizeof blob->digest, "%s", want->digest);
    status = ask(blob, error); /* so that a blob that is not there is told now */
    if (status == SILT_OK) {
        *out = &blob->refill.stream;
        return SILT_OK;
    }
    silt_error_prefix(error, "%s/%s@%s", silt_session_host(session), want->repository, want->digest);
    silt_stream_free(&blob->refill.stream);
    return status;
}
