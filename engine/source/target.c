/*
 * target.c: what the user wrote, taken apart (containers-transports(5)).
 *
 * A transport of sources.def in front of a colon wins; then a path that is there; what is left is an image
 * reference, for whichever transport claims those.
 */
#include "base/error.h"
#include "base/span.h"
#include "source/docker.h"
#include "source/sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SILT_SOURCE(name) &silt_##name##_source,
static const struct silt_source_ops *const transports[] = {
#include "source/sources.def"
};
#undef SILT_SOURCE

enum { TRANSPORT_COUNT = sizeof transports / sizeof transports[0], NAMES_SIZE = 160 };

static const struct silt_source_ops *find_transport(struct silt_span name)
{
    for (size_t i = 0; i < TRANSPORT_COUNT; i++)
        if (silt_span_is_text(name, transports[i]->transport))
            return transports[i];
    return NULL;
}

static void list_transports(char out[NAMES_SIZE])
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < TRANSPORT_COUNT; i++) {
        const char *name = transports[i]->transport, *comma = used > 0 ? ", " : "";
        size_t size = strlen(comma) + strlen(name);
        if (strcmp(name, "-") == 0 || used + size + 1 > NAMES_SIZE)
            continue;
        memcpy(out + used, comma, strlen(comma));
        memcpy(out + used + strlen(comma), name, strlen(name) + 1);
        used += size;
    }
}

static enum silt_status fill(struct silt_target *out, const struct silt_source_ops *ops,
                             struct silt_span location, struct silt_span reference, struct silt_error *error)
{
    out->ops = ops;
    out->location = strndup((const char *)location.data, location.size);
    out->reference = reference.size > 0 ? strndup((const char *)reference.data, reference.size) : NULL;
    if (out->location != NULL && (reference.size == 0 || out->reference != NULL))
        return SILT_OK;
    silt_target_clear(out);
    return silt_error_memory(error);
}

/* Where the reference's colon is: none if the whole is there, else behind the shortest path that is there, so
 * that a path may hold colons; else the first. */
static enum silt_status find_colon(const char *text, size_t *out, struct silt_error *error)
{
    size_t size = strlen(text);
    *out = access(text, F_OK) == 0 ? size : strcspn(text, ":");
    if (*out == size)
        return SILT_OK;
    char *path = strdup(text);
    if (path == NULL)
        return silt_error_memory(error);
    bool is_there = false;
    for (size_t at = *out; at < size && !is_there; at += 1 + strcspn(text + at + 1, ":")) {
        path[at] = '\0';
        is_there = access(path, F_OK) == 0;
        if (is_there)
            *out = at;
        path[at] = ':';
    }
    free(path);
    return SILT_OK;
}

static enum silt_status parse_location(const struct silt_source_ops *ops, const char *text,
                                       struct silt_target *out, struct silt_error *error)
{
    struct silt_span all = silt_span_text(text);
    size_t colon = all.size;
    if (all.size == 0)
        return silt_error_set(error, SILT_ERR_USAGE, "'%s:' names nothing", ops->transport);
    if (ops->has_reference) {
        enum silt_status status = find_colon(text, &colon, error);
        if (status != SILT_OK)
            return status;
    }
    return fill(out, ops, silt_span_slice(all, 0, colon), silt_span_slice(all, colon + 1, all.size), error);
}

/* Whether something that is not there was meant as a path and not as an image reference: it is written like
 * one, holds what no reference holds, or is a single name with a dot, as file names have. */
static bool is_meant_as_path(const char *text)
{
    if (text[0] == '/' || text[0] == '.' || text[0] == '~')
        return true;
    if (text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-/:@ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
        return true;
    size_t name_size = strcspn(text, ":@");
    for (size_t i = 0; i < name_size; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            return true;
    return text[strcspn(text, "/:@")] == '\0' && strchr(text, '.') != NULL;
}

static bool is_named_like_file(const char *text)
{
    static const char *const endings[] = {".tar", ".tgz", ".gz",  ".zst", ".xz",
                                          ".bz2", ".img", ".iso", ".zip", ".json"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (silt_span_has_suffix(silt_span_text(text), endings[i]))
            return true;
    return false;
}

/* Whether a text is written with a transport that there is not: one of those that other tools know
 * (containers-transports(5)), or any word in front of something that is there as a file, or is named like
 * one. */
static bool has_other_transport(const char *text)
{
    static const char *const names[] = {"containers-storage", "ostree", "sif", "tarball", "http", "https"};
    size_t size = strcspn(text, ":");
    if (text[size] == '\0')
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (silt_span_is_text(silt_span_of(text, size), names[i]))
            return true;
    const char *rest = text + size + 1;
    bool has_path = strchr(text, '/') != NULL; /* then a host and port may stand before it */
    return rest[0] != '\0' && (access(rest, F_OK) == 0 || (!has_path && is_named_like_file(rest)));
}

/* A text that names no path that is there, and is no image reference either. */
static enum silt_status refuse(const char *text, struct silt_error *error)
{
    char names[NAMES_SIZE];
    if (has_other_transport(text)) {
        list_transports(names);
        return silt_error_set(
            error, SILT_ERR_USAGE,
            "'%.200s' names no transport of silt (%s); an image of a registry can be written "
            "docker://NAME",
            text, names);
    }
    if (is_meant_as_path(text))
        return silt_error_set(error, SILT_ERR_NOT_FOUND,
                              "'%.200s' is not there; an image of a registry can be written docker://NAME",
                              text);
    return SILT_OK;
}

static enum silt_status parse_plain(const char *text, struct silt_target *out, struct silt_error *error)
{
    struct silt_probe probe;
    enum silt_status status = silt_probe_take(text, &probe, error);
    if (status == SILT_OK && !probe.is_there)
        status = refuse(text, error);
    if (status != SILT_OK)
        return status;
    for (size_t i = 0; i < TRANSPORT_COUNT; i++)
        if (transports[i]->is_target != NULL && transports[i]->is_target(&probe))
            return fill(out, transports[i], silt_span_text(text), (struct silt_span){0}, error);
    return silt_error_set(error, SILT_ERR_USAGE, "'%.200s' is nothing that silt can read", text);
}

enum silt_status silt_target_parse(const char *text, struct silt_target *out, struct silt_error *error)
{
    *out = (struct silt_target){0};
    if (text[0] == '\0')
        return silt_error_set(error, SILT_ERR_USAGE, "the target's name is empty");
    if (strcmp(text, "-") == 0)
        return fill(out, find_transport(silt_span_text(text)), silt_span_text(text), (struct silt_span){0},
                    error);
    size_t colon = strcspn(text, ":");
    const struct silt_source_ops *ops = text[colon] == ':' ? find_transport(silt_span_of(text, colon)) : NULL;
    if (ops != NULL)
        return parse_location(ops, text + colon + 1, out, error);
    return parse_plain(text, out, error);
}

void silt_target_clear(struct silt_target *target)
{
    free(target->location);
    free(target->reference);
    *target = (struct silt_target){0};
}

enum silt_status silt_target_host(const char *target, bool is_catalog, char *out, size_t size,
                                  struct silt_error *error)
{
    struct silt_target parsed;
    struct silt_image_name name = {0};
    enum silt_status status = silt_target_parse(target, &parsed, error);
    if (status == SILT_OK && parsed.ops == &silt_docker_source)
        status = silt_docker_parse(parsed.location, is_catalog, &name, error);
    if (status == SILT_OK)
        snprintf(out, size, "%s", name.host);
    silt_target_clear(&parsed);
    return status;
}
