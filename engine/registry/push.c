/*
 * push.c: a blob is put in two steps, as every registry understands: where to, and there.
 */
#include "registry/push.h"

#include "base/error.h"

#include <stdio.h>

enum { PATH_SIZE = 512 };

/* Asks where the blob may be put; the path, with the blob's name in its query. */
static enum silt_status ask_where(struct silt_session *session, const char *repository, const char *digest,
                                  struct silt_buffer *where, struct silt_error *error)
{
    char path[PATH_SIZE], name[SILT_DIGEST_TEXT_SIZE + 16];
    struct silt_exchange *exchange = NULL;
    snprintf(path, sizeof path, "/v2/%s/blobs/uploads/", repository);
    const struct silt_session_want want = {.repository = repository, .path = path, .method = "POST"};
    enum silt_status status = silt_session_get(session, &want, &exchange, error);
    if (status == SILT_OK)
        status = silt_session_location(session, path, exchange, where, error);
    silt_exchange_free(exchange);
    if (status != SILT_OK)
        return status;
    bool has_query = strchr((const char *)where->data, '?') != NULL;
    snprintf(name, sizeof name, "%cdigest=%s", has_query ? '&' : '?', digest);
    where->size--; /* the NUL */
    return silt_buffer_append(where, silt_span_of(name, strlen(name) + 1), error);
}

enum silt_status silt_push_blob(struct silt_session *session, const char *repository, struct silt_span bytes,
                                char digest[SILT_DIGEST_TEXT_SIZE], struct silt_error *error)
{
    struct silt_digest hash;
    struct silt_buffer where = {0};
    struct silt_exchange *exchange = NULL;
    silt_digest_of(bytes, &hash);
    silt_digest_print(&hash, digest);
    enum silt_status status = ask_where(session, repository, digest, &where, error);
    if (status == SILT_OK) {
        const struct silt_session_want want = {
            .repository = repository, .path = (const char *)where.data, .method = "PUT", .body = bytes};
        status = silt_session_get(session, &want, &exchange, error);
    }
    silt_exchange_free(exchange);
    silt_buffer_clear(&where);
    return status;
}

enum silt_status silt_push_manifest(struct silt_session *session, const struct silt_session_want *want,
                                    bool *is_listed, struct silt_error *error)
{
    struct silt_exchange *exchange = NULL;
    enum silt_status status = silt_session_get(session, want, &exchange, error);
    if (status == SILT_OK && is_listed != NULL)
        *is_listed = silt_exchange_header(exchange, "OCI-Subject", 0).size > 0;
    silt_exchange_free(exchange);
    return status;
}
