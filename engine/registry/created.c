/*
 * created.c: member "created" of the image config (OCI image spec, config.md).
 */
#include "registry/created.h"

#include "registry/blob_stream.h"

#include <stdio.h>
#include <time.h>

enum { CONFIG_MAX = 8 * 1024 * 1024, CHILDREN_MAX = 64, JSON_BUDGET = 64 * 1024 * 1024 };

/* 1980-01-02: before it are only the dates that stand for none. */
#define FIRST_TELLING ((int64_t)315619200)

static bool parse_zone(const char *text, int64_t *seconds)
{
    unsigned hours, minutes;
    if (text[0] == '.')
        text += 1 + strspn(text + 1, "0123456789");
    *seconds = 0;
    if (text[0] == 'Z' || text[0] == 'z')
        return text[1] == '\0';
    if ((text[0] != '+' && text[0] != '-') || sscanf(text + 1, "%2u:%2u", &hours, &minutes) != 2)
        return false;
    *seconds = (int64_t)(hours * 60 + minutes) * 60 * (text[0] == '-' ? -1 : 1);
    return true;
}

bool silt_created_parse(const char *text, int64_t *out)
{
    struct tm date = {0};
    int64_t zone;
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &date);
    if (rest == NULL || !parse_zone(rest, &zone))
        return false;
    *out = (int64_t)timegm(&date) - zone;
    return true;
}

static bool read_all(struct silt_stream *stream, struct silt_buffer *out)
{
    struct silt_span bytes;
    enum silt_status status;
    while ((status = silt_stream_peek(stream, 1, &bytes, NULL)) == SILT_OK) {
        if (out->size + bytes.size > CONFIG_MAX || silt_buffer_append(out, bytes, NULL) != SILT_OK)
            return false;
        silt_stream_consume(stream, bytes.size);
    }
    return status == SILT_END;
}

static bool parse_config(struct silt_span text, int64_t *out)
{
    struct silt_json *root = NULL;
    if (silt_json_parse(text, JSON_BUDGET, &root, NULL) != SILT_OK)
        return false;
    bool is_known = silt_created_parse(silt_json_string(silt_pull_member(root, "created"), ""), out) &&
                    *out >= FIRST_TELLING;
    silt_json_free(root);
    return is_known;
}

/* Of one image, by its manifest. */
static bool find_of_image(struct silt_session *session, const char *repository, const struct silt_json *root,
                          int64_t *out)
{
    const char *digest = silt_json_string(silt_pull_member(silt_pull_member(root, "config"), "digest"), "");
    const struct silt_blob_stream_want want = {repository, digest, -1};
    struct silt_stream *stream = NULL;
    struct silt_buffer text = {0};
    struct silt_digest actual, expected;
    if (!silt_digest_parse(silt_span_text(digest), &expected) ||
        silt_blob_stream_open(session, &want, &stream, NULL) != SILT_OK)
        return false;
    bool is_known = read_all(stream, &text);
    silt_stream_free(stream);
    silt_digest_of(silt_buffer_span(&text), &actual);
    is_known =
        is_known && silt_digest_equal(&actual, &expected) && parse_config(silt_buffer_span(&text), out);
    silt_buffer_clear(&text);
    return is_known;
}

/* Of one image of an index. One that is not known makes all unknown: it could be the newest. */
static bool find_of_child(struct silt_session *session, struct silt_holdings *holdings,
                          const char *repository, const struct silt_json *descriptor, int64_t *out)
{
    const char *digest = silt_json_string(silt_pull_member(descriptor, "digest"), "");
    const struct silt_pull_want want = {repository, digest, ""};
    struct silt_pulled child = {0};
    bool is_known = false;
    if (digest[0] != '\0' && silt_pull_manifest(session, &want, &child, NULL) == SILT_OK) {
        is_known = !child.is_index && silt_holdings_learn(holdings, repository, &child, NULL) == SILT_OK &&
                   find_of_image(session, repository, child.root, out);
    }
    silt_pull_clear(&child);
    return is_known;
}

static bool is_attestation(const struct silt_json *descriptor)
{
    const struct silt_json *notes = silt_pull_member(descriptor, "annotations");
    return silt_json_is_string(silt_pull_member(notes, "vnd.docker.reference.type"));
}

bool silt_created_find(struct silt_session *session, struct silt_holdings *holdings, const char *repository,
                       const struct silt_pulled *pulled, int64_t *out)
{
    if (!pulled->is_index)
        return find_of_image(session, repository, pulled->root, out);
    const struct silt_json *list = silt_pull_member(pulled->root, "manifests");
    size_t count = silt_json_count(list);
    bool is_known = false;
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t one = 0;
        if (is_attestation(silt_json_at(list, i)))
            continue;
        if (i == CHILDREN_MAX || !find_of_child(session, holdings, repository, silt_json_at(list, i), &one))
            return false;
        is_known = true;
        *out = one > *out ? one : *out;
    }
    return is_known;
}
