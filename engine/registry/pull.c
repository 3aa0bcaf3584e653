/*
 * pull.c: what a manifest is must be clear to everybody alike (CVE-2021-41190, OCI image spec "mediaType"):
 * one that says several things is refused.
 */
#include "registry/pull.h"

#include "base/error.h"
#include "registry/image_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { MANIFEST_MAX = 8 * 1024 * 1024, JSON_BUDGET = 64 * 1024 * 1024, PATH_SIZE = 512 };

struct kind {
    const char *media_type;
    bool is_index;
};

static const struct kind kinds[] = {
    {"application/vnd.oci.image.manifest.v1+json", false},
    {"application/vnd.oci.image.index.v1+json", true},
    {"application/vnd.docker.distribution.manifest.v2+json", false},
    {"application/vnd.docker.distribution.manifest.list.v2+json", true},
    {"application/vnd.oci.artifact.manifest.v1+json", false},
};

/* All of the above: without it registries convert, or say that there is nothing. */
static const char accepted[] = "application/vnd.oci.image.manifest.v1+json, "
                               "application/vnd.oci.image.index.v1+json, "
                               "application/vnd.docker.distribution.manifest.v2+json, "
                               "application/vnd.docker.distribution.manifest.list.v2+json, "
                               "application/vnd.oci.artifact.manifest.v1+json";

static const struct kind *find_kind(const char *media_type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcasecmp(kinds[i].media_type, media_type) == 0)
            return &kinds[i];
    return NULL;
}

/* Content-Type without its parameters. */
static void read_type(const struct silt_exchange *exchange, char out[SILT_PULL_TYPE_SIZE])
{
    struct silt_span value = silt_exchange_header(exchange, "Content-Type", 0);
    size_t size = 0;
    while (size < value.size && size < SILT_PULL_TYPE_SIZE - 1 && strchr("; \t", value.data[size]) == NULL)
        size++;
    if (size > 0)
        memcpy(out, value.data, size);
    out[size] = '\0';
}

static enum silt_status check_encoding(const struct silt_exchange *exchange, struct silt_error *error)
{
    struct silt_span encoding = silt_exchange_header(exchange, "Content-Encoding", 0);
    if (encoding.size == 0 || silt_span_is_text(encoding, "identity"))
        return SILT_OK;
    return silt_error_set(error, SILT_ERR_UNSUPPORTED, "it comes encoded (%.*s), which was not asked for",
                          (int)(encoding.size < 40 ? encoding.size : 40), (const char *)encoding.data);
}

const struct silt_json *silt_pull_member(const struct silt_json *object, const char *name)
{
    const struct silt_json *exact = silt_json_get(object, name), *value;
    if (exact != NULL)
        return exact;
    void *iterator = NULL;
    const char *key;
    while (silt_json_is_object(object) && silt_json_next(object, &iterator, &key, &value))
        if (strcasecmp(key, name) == 0)
            return value;
    return NULL;
}

static enum silt_status check_content(const struct silt_pulled *pulled, const struct silt_pull_want *want,
                                      struct silt_error *error)
{
    const struct kind *kind = find_kind(pulled->media_type);
    if (strstr(pulled->media_type, "manifest.v1+") != NULL && kind == NULL)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "Docker manifest schema 1 is not supported");
    if (kind == NULL)
        return silt_error_set(error, SILT_ERR_CORRUPT,
                              "the registry answers with '%.80s' where a manifest is expected",
                              pulled->media_type);
    const char *own = silt_json_string(silt_pull_member(pulled->root, "mediaType"), "");
    const char *promised = want->media_type;
    if (own[0] != '\0' && strcasecmp(own, pulled->media_type) != 0)
        return silt_error_set(error, SILT_ERR_CORRUPT, "it is sent as %.80s and says that it is %.80s",
                              pulled->media_type, own);
    if (promised[0] != '\0' && find_kind(promised) != NULL && strcasecmp(promised, pulled->media_type) != 0)
        return silt_error_set(error, SILT_ERR_CORRUPT, "it is sent as %.80s, its index promised %.80s",
                              pulled->media_type, promised);
    bool has_manifests = silt_pull_member(pulled->root, "manifests") != NULL;
    bool has_layers =
        silt_pull_member(pulled->root, "layers") != NULL || silt_pull_member(pulled->root, "config") != NULL;
    if (!silt_json_is_object(pulled->root) || (has_manifests && has_layers) ||
        (kind->is_index && has_layers) || (!kind->is_index && has_manifests))
        return silt_error_set(error, SILT_ERR_CORRUPT, "its content is not what its media type %.80s says",
                              pulled->media_type);
    return SILT_OK;
}

/* The bytes against the digest asked for, and against the one that the registry names in its answer. */
static enum silt_status check_digest(struct silt_pulled *pulled, const char *wanted, struct silt_span named,
                                     struct silt_error *error)
{
    struct silt_digest digest;
    silt_digest_of(silt_buffer_span(&pulled->text), &digest);
    silt_digest_print(&digest, pulled->digest);
    bool is_by_digest = strchr(wanted, ':') != NULL;
    if (is_by_digest && strncmp(wanted, "sha256:", 7) != 0)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED,
                              "its digest cannot be checked: only sha256 is known");
    if (is_by_digest && strcmp(wanted, pulled->digest) != 0)
        return silt_error_set(error, SILT_ERR_DIGEST, "the registry sends other bytes: their digest is %s",
                              pulled->digest);
    if (silt_span_has_prefix(named, "sha256:") && !silt_span_is_text(named, pulled->digest))
        return silt_error_set(error, SILT_ERR_DIGEST, "the registry sends %s and calls it %.*s",
                              pulled->digest, (int)(named.size < 80 ? named.size : 80),
                              (const char *)named.data);
    return SILT_OK;
}

static enum silt_status take_body(struct silt_exchange *exchange, struct silt_pulled *out,
                                  struct silt_error *error)
{
    read_type(exchange, out->media_type);
    enum silt_status status = check_encoding(exchange, error);
    if (status == SILT_OK)
        status = silt_exchange_read_all(exchange, MANIFEST_MAX, &out->text, error);
    return status;
}

static enum silt_status parse(struct silt_pulled *out, struct silt_error *error)
{
    enum silt_status status = silt_json_parse(silt_buffer_span(&out->text), JSON_BUDGET, &out->root, error);
    if (status != SILT_OK)
        out->root = NULL;
    return status;
}

static enum silt_status take_manifest(struct silt_exchange *exchange, const struct silt_pull_want *want,
                                      struct silt_pulled *out, struct silt_error *error)
{
    struct silt_span named = silt_exchange_header(exchange, "Docker-Content-Digest", 0);
    enum silt_status status = take_body(exchange, out, error);
    if (status == SILT_OK)
        status = check_digest(out, want->reference, named, error);
    if (status == SILT_OK)
        status = parse(out, error);
    if (status == SILT_OK)
        status = check_content(out, want, error);
    if (status == SILT_OK)
        out->is_index = find_kind(out->media_type)->is_index;
    return status;
}

/* A body that broke off is asked for again, once: manifests are small. */
static enum silt_status get_manifest(struct silt_session *session, const struct silt_pull_want *want,
                                     const char *path, struct silt_pulled *out, struct silt_error *error)
{
    enum silt_status status = SILT_ERR_IO;
    for (int i = 0; i < 2 && status == SILT_ERR_IO; i++) {
        struct silt_exchange *exchange = NULL;
        const struct silt_session_want ask = {
            .repository = want->repository, .path = path, .accept = accepted};
        silt_pull_clear(out);
        status = silt_session_get(session, &ask, &exchange, error);
        if (status != SILT_OK)
            return status;
        status = take_manifest(exchange, want, out, error);
        silt_exchange_free(exchange);
    }
    /* A limit of one manifest is none of the scan. */
    return status == SILT_ERR_LIMIT
               ? silt_error_set(error, SILT_ERR_CORRUPT,
                                "the manifest is larger, or nests deeper, than any should")
               : status;
}

enum silt_status silt_pull_manifest(struct silt_session *session, const struct silt_pull_want *want,
                                    struct silt_pulled *out, struct silt_error *error)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/v2/%s/manifests/%s", want->repository, want->reference);
    enum silt_status status = get_manifest(session, want, path, out, error);
    if (status == SILT_OK)
        return SILT_OK;
    silt_pull_clear(out);
    silt_error_prefix(error, "%s/%s%s%s", silt_session_host(session), want->repository,
                      strchr(want->reference, ':') != NULL ? "@" : ":", want->reference);
    return status;
}

/* "sha256:abc" to the tag "sha256-abc". */
static enum silt_status pull_stand_in(struct silt_session *session, const struct silt_pull_want *want,
                                      struct silt_pulled *out, struct silt_error *error)
{
    char tag[SILT_IMAGE_NAME_DIGEST_SIZE];
    snprintf(tag, sizeof tag, "%s", want->reference);
    char *colon = strchr(tag, ':');
    if (colon != NULL)
        *colon = '-';
    const struct silt_pull_want stand_in = {want->repository, tag, ""};
    enum silt_status status = silt_pull_manifest(session, &stand_in, out, error);
    if (status == SILT_OK && !out->is_index)
        return silt_error_set(error, SILT_ERR_CORRUPT, "tag %s is no list of what refers to the digest", tag);
    return status == SILT_ERR_NOT_FOUND ? SILT_END : status;
}

static enum silt_status take_page(struct silt_session *session, struct silt_exchange *exchange,
                                  struct silt_buffer *path, struct silt_pulled *out, struct silt_error *error)
{
    struct silt_buffer next = {0};
    enum silt_status status = take_body(exchange, out, error);
    if (status == SILT_OK)
        status = parse(out, error);
    if (status == SILT_OK)
        status = silt_session_next_page(session, (const char *)path->data, exchange, &next, error);
    if (status == SILT_OK) {
        silt_buffer_clear(path);
        *path = next;
        return SILT_OK;
    }
    silt_buffer_clear(&next);
    return status;
}

static bool is_index_page(const struct silt_pulled *pulled)
{
    const struct kind *kind = find_kind(pulled->media_type);
    return kind != NULL && kind->is_index && silt_json_is_array(silt_pull_member(pulled->root, "manifests"));
}

enum silt_status silt_pull_referrers(struct silt_session *session, const struct silt_pull_want *want,
                                     struct silt_buffer *path, struct silt_pulled *out,
                                     struct silt_error *error)
{
    char first[PATH_SIZE];
    bool is_first = path->size == 0;
    snprintf(first, sizeof first, "/v2/%s/referrers/%s", want->repository, want->reference);
    if (is_first && silt_buffer_append(path, silt_span_of(first, strlen(first) + 1), error) != SILT_OK)
        return SILT_ERR_MEMORY;
    struct silt_exchange *exchange = NULL;
    const struct silt_session_want ask = {
        .repository = want->repository, .path = (const char *)path->data, .accept = accepted};
    enum silt_status status = silt_session_get(session, &ask, &exchange, error);
    if (status == SILT_OK)
        status = take_page(session, exchange, path, out, error);
    silt_exchange_free(exchange);
    if (status == SILT_OK && is_index_page(out))
        return SILT_OK;
    if (status == SILT_ERR_CANCELLED || status == SILT_ERR_MEMORY || !is_first) {
        silt_error_prefix(error, "what refers to %s", want->reference);
        return status != SILT_OK ? status : SILT_ERR_CORRUPT;
    }
    silt_pull_clear(out); /* no such API here */
    path->size = 0;
    if (silt_buffer_append(path, silt_span_of("", 1), error) != SILT_OK)
        return SILT_ERR_MEMORY;
    return pull_stand_in(session, want, out, error);
}

void silt_pull_clear(struct silt_pulled *pulled)
{
    silt_json_free(pulled->root);
    silt_buffer_clear(&pulled->text);
    *pulled = (struct silt_pulled){0};
}
