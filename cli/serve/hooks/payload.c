/*
 * payload.c: bodies read with bounds, and pushes checked.
 */
#include "payload.h"

#include "serve/shape.h"

#include <ctype.h>
#include <silt/seal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    DEPTH_MOST = 64,
    MARKS_MOST = 65536, /* of structure: about 5 MiB of values. The largest notification seen has 300. */
    DELIVERY_SIZE = 160,
    PATH_SIZE = 64,
};

enum silt_status silt_payload_refuse(struct silt_error *error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (error != NULL) {
        error->status = SILT_ERR_CORRUPT;
        vsnprintf(error->message, sizeof error->message, format, list);
    }
    va_end(list);
    return SILT_ERR_CORRUPT;
}

static enum silt_status fail(struct silt_error *error, enum silt_status status, const char *why)
{
    silt_payload_refuse(error, "%s", why);
    if (error != NULL)
        error->status = status;
    return status;
}

/* Whether the text is neither too deep nor of too many values; only its structure is looked at. */
static bool is_bounded(struct silt_span text)
{
    size_t depth = 0, marks = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.size && depth <= DEPTH_MOST && marks <= MARKS_MOST; i++) {
        char letter = (char)text.data[i];
        if (in_string && letter == '\\')
            i++;
        else if (letter == '"')
            in_string = !in_string;
        else if (in_string)
            continue;
        else if (letter == '{' || letter == '[')
            depth++, marks++;
        else if (letter == '}' || letter == ']')
            depth -= depth > 0;
        else
            marks += letter == ',';
    }
    return depth <= DEPTH_MOST && marks <= MARKS_MOST;
}

enum silt_status silt_payload_parse(struct silt_span text, json_t **out, struct silt_error *error)
{
    json_error_t why;
    *out = NULL;
    if (text.size == 0)
        return silt_payload_refuse(error, "the body is empty");
    if (!is_bounded(text))
        return fail(error, SILT_ERR_LIMIT, "the body nests too deep or has too many values");
    *out = json_loadb((const char *)text.data, text.size, 0, &why);
    if (*out != NULL)
        return SILT_OK;
    if (json_error_code(&why) == json_error_out_of_memory)
        return fail(error, SILT_ERR_MEMORY, "out of memory");
    return silt_payload_refuse(error, "the body is no JSON: line %d, column %d", why.line, why.column);
}

const json_t *silt_payload_get(const json_t *value, const char *path)
{
    char key[PATH_SIZE];
    while (value != NULL && *path != '\0') {
        size_t size = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)size, path);
        value = json_object_get(value, key);
        path += size + (path[size] == '.');
    }
    return value;
}

const char *silt_payload_text(const json_t *value, const char *path)
{
    const char *text = json_string_value(silt_payload_get(value, path));
    return text != NULL ? text : "";
}

int64_t silt_payload_time(const char *text)
{
    struct tm parts = {0};
    int read = 0, hours = 0, minutes = 0;
    char sign = 'Z';
    if (sscanf(text, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
               &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &read) != 6)
        return 0;
    text += read;
    text += *text == '.' ? 1 + strspn(text + 1, "0123456789") : 0;
    if (sscanf(text, "%c%2d:%2d", &sign, &hours, &minutes) < 1 || strchr("+-Zz", sign) == NULL)
        return 0;
    parts.tm_year -= 1900;
    parts.tm_mon--;
    int64_t offset = hours * INT64_C(3600) + minutes * INT64_C(60);
    int64_t seconds = (int64_t)timegm(&parts) - (sign == '-' ? -offset : offset);
    return seconds > 0 ? seconds * 1000 : 0;
}

int64_t silt_payload_seconds(const json_t *value)
{
    double seconds = json_number_value(value); /* 0 for what is no number */
    return seconds > 0 && seconds < 1e11 ? (int64_t)(seconds * 1000) : 0;
}

static int digit_value(char digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    digit = digit == '-' ? '+' : digit == '_' ? '/' : digit;
    const char *found = digit != '\0' ? strchr(digits, digit) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

size_t silt_payload_decode(const char *text, char *out, size_t size)
{
    unsigned bits = 0, count = 0;
    size_t used = 0;
    for (int value; (value = digit_value(*text)) >= 0 && used < size; text++) {
        bits = (bits & 0xffff) << 6 | (unsigned)value;
        if (count++ % 4 != 0)
            out[used++] = (char)(bits >> (6 - 2 * ((count - 1) % 4)));
    }
    return used;
}

/* A copy that lives with the pushes, in lower case if asked for; NULL when memory is out. */
static const char *keep(struct silt_pushes *pushes, const char *text, size_t size, bool is_lower)
{
    char *copy = silt_stash_take(&pushes->stash, size + 1, 1);
    for (size_t i = 0; copy != NULL && i < size; i++)
        copy[i] = is_lower ? (char)tolower((unsigned char)text[i]) : text[i];
    return copy;
}

static const char *keep_text(struct silt_pushes *pushes, const char *text)
{
    return keep(pushes, text != NULL ? text : "", text != NULL ? strlen(text) : 0, false);
}

/* "DIALECT:ID", or the hash of an id that is long or odd. */
static const char *keep_delivery(struct silt_pushes *pushes, const char *id)
{
    char text[DELIVERY_SIZE], hash[SILT_SEAL_SIZE];
    if (id == NULL || id[0] == '\0')
        return keep_text(pushes, "");
    bool is_odd = strlen(id) > 100;
    for (const char *at = id; *at != '\0'; at++)
        is_odd |= !isgraph((unsigned char)*at);
    if (is_odd)
        silt_seal_hash(id, strlen(id), hash);
    snprintf(text, sizeof text, "%s:%s", pushes->hook->name, is_odd ? hash : id);
    return keep_text(pushes, text);
}

static enum silt_status check(const struct silt_push *push, struct silt_error *error)
{
    if (push->host == NULL || push->repository == NULL || push->digest == NULL || push->tag == NULL ||
        push->delivery == NULL || push->actor == NULL)
        return fail(error, SILT_ERR_MEMORY, "out of memory");
    if (push->host[0] != '\0' && !silt_shape_is_host(push->host))
        return silt_payload_refuse(error, "the registry's name is none");
    if (!silt_shape_is_repository(push->repository))
        return silt_payload_refuse(error, "the repository's name is missing or none");
    if (push->digest[0] != '\0' && !silt_shape_is_digest(push->digest))
        return silt_payload_refuse(error, "the digest is none of SHA-256");
    if (push->tag[0] != '\0' && !silt_shape_is_tag(push->tag))
        return silt_payload_refuse(error, "the tag is none");
    if (push->digest[0] == '\0' && push->tag[0] == '\0')
        return silt_payload_refuse(error, "neither digest nor tag is told");
    return SILT_OK;
}

/* Makes room for one more; false when memory is out. */
static bool grow(struct silt_pushes *pushes)
{
    if (pushes->count < pushes->capacity)
        return true;
    size_t capacity = pushes->capacity > 0 ? 2 * pushes->capacity : 4;
    struct silt_push *items = silt_stash_take(&pushes->stash, capacity, sizeof *items);
    if (items == NULL)
        return false;
    if (pushes->count > 0)
        memcpy(items, pushes->items, pushes->count * sizeof *items);
    pushes->items = items;
    pushes->capacity = capacity;
    return true;
}

enum silt_status silt_payload_put(struct silt_pushes *pushes, const struct silt_push *push,
                                  struct silt_error *error)
{
    const char *repository = push->repository != NULL ? push->repository : "";
    const char *tag = push->tag != NULL ? push->tag : "";
    const char *digest = push->digest != NULL ? push->digest : "";
    bool is_digest = silt_shape_is_digest(tag);
    if (pushes->count == SILT_HOOK_MOST_PUSHES)
        return fail(error, SILT_ERR_LIMIT, "the body tells of too many pushes");
    struct silt_push copy = {
        .host = keep_text(pushes, push->host),
        .repository = keep(pushes, repository, strlen(repository), true),
        .digest = keep_text(pushes, is_digest && digest[0] == '\0' ? tag : digest),
        .tag = keep_text(pushes, is_digest ? "" : tag),
        .delivery = keep_delivery(pushes, push->delivery),
        .actor = keep_text(pushes, push->actor),
        .pushed_ms = push->pushed_ms,
    };
    enum silt_status status = check(&copy, error);
    if (status != SILT_OK)
        return status;
    if (!grow(pushes))
        return fail(error, SILT_ERR_MEMORY, "out of memory");
    pushes->items[pushes->count++] = copy;
    return SILT_OK;
}

/* Whether the first part of a reference is a host, as docker tells it from a name. */
static bool begins_with_host(const char *reference)
{
    size_t size = strcspn(reference, "/");
    return reference[size] == '/' &&
           (memchr(reference, '.', size) != NULL || memchr(reference, ':', size) != NULL ||
            (size == strlen("localhost") && strncmp(reference, "localhost", size) == 0));
}

enum silt_status silt_payload_put_reference(struct silt_pushes *pushes, const char *reference,
                                            const struct silt_push *push, struct silt_error *error)
{
    struct silt_push whole = *push;
    bool has_host = begins_with_host(reference);
    size_t host_size = has_host ? strcspn(reference, "/") : 0;
    const char *name = reference + host_size + has_host;
    const char *digest = strchr(name, '@');
    size_t name_size = strcspn(name, ":@");
    size_t tag_size = name[name_size] == ':' ? strcspn(name + name_size + 1, "@") : 0;
    bool is_library = !has_host && memchr(name, '/', name_size) == NULL;
    char repository[300];
    snprintf(repository, sizeof repository, "%s%.*s", is_library ? "library/" : "", (int)name_size, name);
    whole.repository = repository;
    whole.host = has_host ? keep(pushes, reference, host_size, false) : "docker.io";
    const char *tag = keep(pushes, name + name_size + (tag_size > 0), tag_size, false);
    if (whole.host == NULL || tag == NULL)
        return fail(error, SILT_ERR_MEMORY, "out of memory");
    if (whole.digest == NULL || whole.digest[0] == '\0')
        whole.digest = digest != NULL ? digest + 1 : "";
    if (whole.tag == NULL || whole.tag[0] == '\0')
        whole.tag = name[name_size] == ':' || whole.digest[0] != '\0' ? tag : "latest";
    return silt_payload_put(pushes, &whole, error);
}

const char *silt_payload_host(struct silt_pushes *pushes, const char *address)
{
    const char *begin = strstr(address, "://");
    begin = begin != NULL ? begin + strlen("://") : address;
    return keep(pushes, begin, strcspn(begin, "/?#"), false);
}
