/*
 * config.c: what an image's config says of its layers, and every text in it.
 */
#include "image/config.h"

#include "base/error.h"
#include "image/history.h"
#include "image/member.h"

#include <stdio.h>

enum { PATH_SIZE = 512 };

/* Lists that are one command line each, and the instruction that sets them. */
struct command {
    const char *key, *keyword;
};

static const struct command commands[] = {
    {"Cmd", "CMD"},
    {"Entrypoint", "ENTRYPOINT"},
    {"Shell", "SHELL"},
};

/* The part of the config that is being put. */
struct part {
    struct silt_reader *reader;
    const struct silt_manifest *manifest;
    const struct silt_json *value;
    const char *prefix; /* "config:" or "config:container_config/" */
};

static enum silt_status put_env(const struct part *part, struct silt_span text, struct silt_error *error)
{
    const uint8_t *equals = text.size > 0 ? memchr(text.data, '=', text.size) : NULL;
    char name[256], path[PATH_SIZE];
    int size = equals != NULL ? (int)(equals - text.data) : (int)text.size;
    snprintf(name, sizeof name, "%.*s", size, (const char *)text.data);
    snprintf(path, sizeof path, "%sEnv/%s", part->prefix, name);
    const struct silt_document document = {SILT_ORIGIN_ENV, path, text,
                                           silt_history_find(part->reader, part->manifest, "ENV", name)};
    return silt_texts_put(&part->reader->texts, &document, error);
}

static enum silt_status put_all_env(const struct part *part, struct silt_error *error)
{
    const struct silt_json *list = silt_member_get(part->value, "Env");
    enum silt_status status = SILT_OK;
    for (size_t i = 0; silt_json_is_array(list) && i < silt_json_count(list) && status == SILT_OK; i++)
        status = put_env(part, silt_json_text(silt_json_at(list, i)), error);
    return status;
}

static enum silt_status put_labels(const struct part *part, struct silt_error *error)
{
    const struct silt_json *labels = silt_member_get(part->value, "Labels"), *value;
    enum silt_status status = SILT_OK;
    void *iterator = NULL;
    const char *key;
    while (status == SILT_OK && silt_json_is_object(labels) &&
           silt_json_next(labels, &iterator, &key, &value)) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%sLabels/%s", part->prefix, key);
        const struct silt_document document = {
            .origin = SILT_ORIGIN_LABEL,
            .path = path,
            .history = silt_history_find(part->reader, part->manifest, "LABEL", key),
        };
        if (silt_json_is_string(value))
            status = silt_texts_put_pair(&part->reader->texts, &document, silt_span_text(key),
                                         silt_json_text(value), error);
        else
            status = silt_texts_walk(&part->reader->texts, &document, value, NULL, error);
    }
    return status;
}

static enum silt_status put_command(const struct part *part, const char *key, const char *keyword,
                                    const struct silt_json *list, struct silt_error *error)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s%s", part->prefix, key);
    const struct silt_document document = {
        .origin = SILT_ORIGIN_HISTORY,
        .path = path,
        .history = silt_history_find(part->reader, part->manifest, keyword, NULL),
    };
    return silt_texts_put_list(&part->reader->texts, &document, "", list, ' ', error);
}

static enum silt_status put_commands(const struct part *part, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0] && status == SILT_OK; i++) {
        const struct silt_json *list = silt_member_get(part->value, commands[i].key);
        if (silt_json_is_array(list))
            status = put_command(part, commands[i].key, commands[i].keyword, list, error);
    }
    const struct silt_json *test = silt_member_get(silt_member_get(part->value, "Healthcheck"), "Test");
    if (status == SILT_OK && silt_json_is_array(test))
        status = put_command(part, "Healthcheck/Test", "HEALTHCHECK", test, error);
    return status;
}

static enum silt_status put_triggers(const struct part *part, struct silt_error *error)
{
    const struct silt_json *list = silt_member_get(part->value, "OnBuild");
    enum silt_status status = SILT_OK;
    for (size_t i = 0; silt_json_is_array(list) && i < silt_json_count(list) && status == SILT_OK; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%sOnBuild/%zu", part->prefix, i);
        const struct silt_document document = {
            SILT_ORIGIN_HISTORY, path, silt_json_text(silt_json_at(list, i)),
            silt_history_find(part->reader, part->manifest, "ONBUILD", NULL)};
        status = silt_texts_put(&part->reader->texts, &document, error);
    }
    return status;
}

/* What was put by name is passed over here only where it had the form that was looked for: a Cmd that is a
 * single string, or a second "env", is a text like any other. */
static enum silt_status put_rest(const struct part *part, struct silt_error *error)
{
    static const char *const lists[] = {"Env", "Cmd", "Entrypoint", "Shell", "OnBuild"};
    const char *except[sizeof lists / sizeof lists[0] + 2];
    size_t count = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (silt_json_is_array(silt_json_get(part->value, lists[i])))
            except[count++] = lists[i];
    if (silt_json_is_object(silt_json_get(part->value, "Labels")))
        except[count++] = "Labels";
    except[count] = NULL;
    const struct silt_document document = {SILT_ORIGIN_HISTORY, part->prefix, {0}, -1};
    return silt_texts_walk(&part->reader->texts, &document, part->value, except, error);
}

static enum silt_status put_part(const struct part *part, struct silt_error *error)
{
    enum silt_status status = put_all_env(part, error);
    if (status == SILT_OK)
        status = put_labels(part, error);
    if (status == SILT_OK)
        status = put_commands(part, error);
    if (status == SILT_OK)
        status = put_triggers(part, error);
    return status == SILT_OK ? put_rest(part, error) : status;
}

static enum silt_status put_texts(struct silt_reader *reader, const struct silt_manifest *manifest,
                                  const struct silt_json *root, struct silt_error *error)
{
    static const char *const except[] = {"config", "container_config", "history", NULL};
    const struct silt_document other = {SILT_ORIGIN_ANNOTATION, "config:", {0}, -1};
    const struct part own = {reader, manifest, silt_member_get(root, "config"), "config:"};
    const struct part build = {reader, manifest, silt_member_get(root, "container_config"),
                               "config:container_config/"};
    enum silt_status status = put_part(&own, error);
    if (status == SILT_OK)
        status = silt_history_put_texts(reader, silt_member_get(root, "history"), error);
    if (status == SILT_OK)
        status = put_part(&build, error);
    return status == SILT_OK ? silt_texts_walk(&reader->texts, &other, root, except, error) : status;
}

/* Artifacts and attestations often come with a config that says nothing. */
static bool has_layers(const struct silt_manifest *manifest, size_t layer_count)
{
    for (size_t i = 0; i < layer_count; i++)
        if (manifest->blobs[i].role != SILT_BLOB_FILE)
            return true;
    return false;
}

static enum silt_status set_diff_ids(struct silt_reader *reader, struct silt_manifest *manifest,
                                     const struct silt_json *root, const char *name, size_t layer_count,
                                     struct silt_error *error)
{
    const struct silt_json *list = silt_member_get(silt_member_get(root, "rootfs"), "diff_ids");
    size_t count = silt_json_is_array(list) ? silt_json_count(list) : 0;
    if (count != layer_count && !has_layers(manifest, layer_count))
        return SILT_OK;
    if (count != layer_count)
        return silt_reader_problem(reader, error, SILT_ERR_CORRUPT, name,
                                   "it lists %zu layers, the manifest %zu", count, layer_count);
    for (size_t i = 0; i < count; i++) {
        const char *diff_id = silt_json_string(silt_json_at(list, i), NULL);
        if (diff_id == NULL)
            continue;
        manifest->blobs[i].diff_id = silt_arena_copy(&reader->catalog->arena, silt_span_text(diff_id));
        if (manifest->blobs[i].diff_id == NULL)
            return silt_error_memory(error);
    }
    return SILT_OK;
}

static enum silt_status set_platform(struct silt_reader *reader, struct silt_manifest *manifest,
                                     const struct silt_json *root, struct silt_error *error)
{
    struct silt_platform platform;
    silt_platform_init(&platform, silt_member_string(root, "os"), silt_member_string(root, "architecture"),
                       silt_member_string(root, "variant"));
    bool ok = true;
    manifest->created = silt_member_copy(root, "created", &reader->catalog->arena, &ok);
    const struct silt_json *labels = silt_member_get(silt_member_get(root, "config"), "Labels");
    if (silt_json_is_object(labels))
        manifest->revision =
            silt_member_copy(labels, "org.opencontainers.image.revision", &reader->catalog->arena, &ok);
    if (silt_platform_is_known(&platform)) {
        char text[SILT_PLATFORM_TEXT_SIZE];
        silt_platform_print(&platform, text);
        manifest->platform = silt_arena_copy(&reader->catalog->arena, silt_span_text(text));
        ok = ok && manifest->platform != NULL;
    }
    return ok ? SILT_OK : silt_error_memory(error);
}

static enum silt_status take_config(struct silt_reader *reader, struct silt_manifest *manifest,
                                    const struct silt_json *root, const char *name, size_t layer_count,
                                    struct silt_error *error)
{
    enum silt_status status = set_platform(reader, manifest, root, error);
    if (status == SILT_OK)
        status = set_diff_ids(reader, manifest, root, name, layer_count, error);
    if (status == SILT_OK)
        status = silt_history_read(reader, manifest, silt_member_get(root, "history"), error);
    if (status == SILT_OK)
        silt_history_link(manifest, layer_count);
    return status == SILT_OK ? put_texts(reader, manifest, root, error) : status;
}

enum silt_status silt_config_read(struct silt_reader *reader, struct silt_manifest *manifest,
                                  const struct silt_document_want *want, size_t layer_count,
                                  struct silt_error *error)
{
    struct silt_document_json document = {0};
    enum silt_status status = silt_document_read(reader, want, &document, error);
    if (status == SILT_OK && document.digest[0] != '\0') {
        manifest->config_digest = silt_arena_copy(&reader->catalog->arena, silt_span_text(document.digest));
        if (manifest->config_digest == NULL)
            status = silt_error_memory(error);
    }
    if (status == SILT_OK && silt_json_is_object(document.root)) {
        status = take_config(reader, manifest, document.root, want->name, layer_count, error);
    } else if (status == SILT_OK && document.root != NULL) {
        status = silt_reader_problem(reader, error, SILT_ERR_CORRUPT, want->name, "not an image config");
        if (status == SILT_OK)
            status = silt_document_keep_raw(reader, want->name, &document, error);
    }
    silt_document_clear(&document);
    return status;
}
