/*
 * attach.c: content attached to an image: an artifact whose manifest has the image as its subject (OCI image
 * specification 1.1, "Guidelines for artifact usage"). A registry without the referrers API does not list it;
 * then the index under the tag "sha256-…" is kept up by whoever pushes (distribution specification 1.1,
 * "Pushing Manifests with Subject").
 */
#include "base/error.h"
#include "registry/image_name.h"
#include "registry/pull.h"
#include "registry/push.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define INDEX "application/vnd.oci.image.index.v1+json"
#define EMPTY "application/vnd.oci.empty.v1+json"

enum { PATH_SIZE = 640 };

/* One attachment on its way. */
struct attaching {
    struct silt_session *session;
    const struct silt_attachment *what;
    struct silt_image_name name;
    struct silt_pulled subject;
    struct silt_buffer manifest;
    char digest[SILT_DIGEST_TEXT_SIZE]; /* of the manifest */
};

static enum silt_status print(struct silt_buffer *out, struct silt_error *error, const char *format, ...)
    SILT_PRINTF(3, 4);
static enum silt_status print(struct silt_buffer *out, struct silt_error *error, const char *format, ...)
{
    char *text = NULL;
    va_list list;
    va_start(list, format);
    int size = vasprintf(&text, format, list);
    va_end(list);
    if (size < 0)
        return silt_error_memory(error);
    enum silt_status status = silt_buffer_append(out, silt_span_of(text, (size_t)size), error);
    free(text);
    return status;
}

static bool is_ours(const struct attaching *it, const struct silt_json *descriptor)
{
    const char *type = silt_json_string(silt_pull_member(descriptor, "artifactType"), "");
    return strcmp(type, it->what->artifact_type) == 0;
}

/* Whether the subject is attached to something itself, or a list of what is: attaching to these would never
 * end, as registries tell of every push. */
static bool is_attachment(const struct attaching *it)
{
    const struct silt_json *root = it->subject.root, *items = silt_pull_member(root, "manifests");
    bool is_one = silt_pull_member(root, "subject") != NULL || is_ours(it, root);
    for (size_t i = 0; i < silt_json_count(items) && !is_one; i++)
        is_one = is_ours(it, silt_json_at(items, i));
    return is_one;
}

static enum silt_status pull_subject(struct attaching *it, struct silt_error *error)
{
    const struct silt_pull_want want = {it->name.repository, it->name.digest, ""};
    if (it->name.digest[0] == '\0')
        return silt_error_set(error, SILT_ERR_USAGE, "what to attach to is named by its digest");
    enum silt_status status = silt_pull_manifest(it->session, &want, &it->subject, error);
    return status == SILT_OK && is_attachment(it) ? SILT_END : status;
}

/* Puts the content and the empty configuration, and writes the manifest that names them. Nothing in it needs
 * escaping: digests, media types that were checked, and constants of the caller. */
static enum silt_status make_manifest(struct attaching *it, struct silt_error *error)
{
    const struct silt_attachment *what = it->what;
    char content[SILT_DIGEST_TEXT_SIZE], empty[SILT_DIGEST_TEXT_SIZE];
    const char *repository = it->name.repository;
    enum silt_status status =
        silt_push_blob(it->session, repository, silt_span_of(what->data, what->size), content, error);
    if (status == SILT_OK)
        status = silt_push_blob(it->session, repository, silt_span_text("{}"), empty, error);
    if (status != SILT_OK)
        return status;
    return print(&it->manifest, error,
                 "{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST "\",\"artifactType\":\"%s\","
                 "\"config\":{\"mediaType\":\"" EMPTY "\",\"digest\":\"%s\",\"size\":2},"
                 "\"layers\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%zu,"
                 "\"annotations\":{\"org.opencontainers.image.title\":\"%s\"}}],"
                 "\"subject\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%zu}}",
                 what->artifact_type, empty, what->media_type, content, what->size, what->title,
                 it->subject.media_type, it->subject.digest, it->subject.text.size);
}

static enum silt_status put(struct attaching *it, const char *reference, const char *type,
                            const struct silt_buffer *text, bool *is_listed, struct silt_error *error)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/v2/%s/manifests/%s", it->name.repository, reference);
    const struct silt_session_want want = {.repository = it->name.repository,
                                           .path = path,
                                           .method = "PUT",
                                           .body = silt_buffer_span(text),
                                           .content_type = type};
    return silt_push_manifest(it->session, &want, is_listed, error);
}

/* What the stand-in lists, but for an earlier attachment of this type, and then the new one. */
static enum silt_status make_list(const struct attaching *it, const struct silt_pulled *old,
                                  struct silt_buffer *out, struct silt_error *error)
{
    const struct silt_json *items = silt_pull_member(old->root, "manifests");
    enum silt_status status =
        print(out, error, "{\"schemaVersion\":2,\"mediaType\":\"" INDEX "\",\"manifests\":[");
    for (size_t i = 0; i < silt_json_count(items) && status == SILT_OK; i++) {
        if (is_ours(it, silt_json_at(items, i)))
            continue;
        status = silt_json_print(silt_json_at(items, i), out, error);
        if (status == SILT_OK)
            status = print(out, error, ",");
    }
    if (status != SILT_OK)
        return status;
    return print(out, error,
                 "{\"mediaType\":\"" MANIFEST "\",\"digest\":\"%s\",\"size\":%zu,\"artifactType\":\"%s\"}]}",
                 it->digest, it->manifest.size, it->what->artifact_type);
}

static enum silt_status keep_list(struct attaching *it, struct silt_error *error)
{
    char tag[SILT_DIGEST_TEXT_SIZE];
    struct silt_pulled old = {0};
    struct silt_buffer list = {0};
    snprintf(tag, sizeof tag, "sha256-%s", it->subject.digest + strlen("sha256:"));
    const struct silt_pull_want want = {it->name.repository, tag, ""};
    enum silt_status status = silt_pull_manifest(it->session, &want, &old, error);
    if (status == SILT_ERR_NOT_FOUND)
        status = SILT_OK;
    else if (status == SILT_OK && !old.is_index)
        status =
            silt_error_set(error, SILT_ERR_CORRUPT, "tag %s is no list of what refers to the digest", tag);
    if (status == SILT_OK)
        status = make_list(it, &old, &list, error);
    if (status == SILT_OK)
        status = put(it, tag, INDEX, &list, NULL, error);
    silt_buffer_clear(&list);
    silt_pull_clear(&old);
    return status;
}

static enum silt_status attach(struct attaching *it, struct silt_error *error)
{
    bool is_listed = false;
    struct silt_digest hash;
    enum silt_status status = pull_subject(it, error);
    if (status == SILT_OK)
        status = make_manifest(it, error);
    if (status != SILT_OK)
        return status;
    silt_digest_of(silt_buffer_span(&it->manifest), &hash);
    silt_digest_print(&hash, it->digest);
    status = put(it, it->digest, MANIFEST, &it->manifest, &is_listed, error);
    return status == SILT_OK && !is_listed ? keep_list(it, error) : status;
}

enum silt_status silt_registry_attach(const struct silt_registry_options *options, const char *image,
                                      const struct silt_attachment *attachment,
                                      bool (*goes_on)(void *context), void *context, struct silt_error *error)
{
    const struct silt_patience patience = {goes_on, context};
    struct attaching it = {.what = attachment};
    enum silt_status status = silt_image_name_parse(silt_span_text(image), &it.name, error);
    if (status == SILT_OK)
        status = silt_session_new(options, &patience, it.name.host, &it.session, error);
    if (status == SILT_OK)
        status = attach(&it, error);
    if (status != SILT_OK && status != SILT_END)
        silt_error_prefix(error, "cannot attach to %s", image);
    silt_buffer_clear(&it.manifest);
    silt_pull_clear(&it.subject);
    silt_session_free(it.session);
    return status;
}
