/*
 * auth_file.c: containers-auth.json(5), and docker's config.json, which is the same but for namespaces.
 */
#include "auth_file.h"

#include "helper.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 640 };

/* What is looked for: "host/namespace/…", cut shorter step by step. */
struct lookup {
    const char *host;
    char key[KEY_SIZE];
};

static enum silt_status fail(struct silt_error *error, enum silt_status status, const char *path,
                             const char *why)
{
    error->status = status;
    snprintf(error->message, sizeof error->message, "%s: %s", path, why);
    return status;
}

/* Reads a file whole; *out is NULL if there is none. */
static enum silt_status load(const char *path, json_t **out, struct silt_error *error)
{
    json_error_t problem;
    *out = NULL;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT || errno == ENOTDIR ? SILT_OK
                                                   : fail(error, SILT_ERR_IO, path, strerror(errno));
    *out = json_loadf(file, 0, &problem);
    fclose(file);
    return *out != NULL ? SILT_OK : fail(error, SILT_ERR_CORRUPT, path, problem.text);
}

/* A key without scheme, and without the path that docker once wrote behind the host. */
static void normalise(const char *key, char out[KEY_SIZE])
{
    const char *scheme = strstr(key, "://");
    snprintf(out, KEY_SIZE, "%s", scheme != NULL ? scheme + 3 : key);
    size_t size = strlen(out);
    while (size > 0 && out[size - 1] == '/')
        out[--size] = '\0';
    if (size > 3 && (strcmp(out + size - 3, "/v1") == 0 || strcmp(out + size - 3, "/v2") == 0))
        out[size - 3] = '\0';
    if (strcmp(out, "index.docker.io") == 0 || strcmp(out, "registry-1.docker.io") == 0)
        strcpy(out, "docker.io");
}

static const json_t *find_key(const json_t *object, const char *wanted)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        char normal[KEY_SIZE];
        normalise(key, normal);
        if (strcmp(normal, wanted) == 0)
            return value;
    }
    return NULL;
}

/* The entry with the longest key that is the repository's, its namespace's or its host's. */
static const json_t *find_longest(const json_t *object, struct lookup lookup)
{
    for (;;) {
        const json_t *found = find_key(object, lookup.key);
        char *slash = strrchr(lookup.key, '/');
        if (found != NULL || slash == NULL)
            return found;
        *slash = '\0';
    }
}

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c != '\0' ? strchr(digits, c) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

/* Base64 (RFC 4648, 4), padded or not; false if it is none or does not fit. */
static bool decode(const char *text, char *out, size_t size)
{
    unsigned bits = 0, count = 0;
    size_t used = 0;
    for (; *text != '\0' && *text != '='; text++) {
        int digit = digit_of(*text);
        if (digit < 0 || used + 1 >= size)
            return false;
        bits = bits << 6 | (unsigned)digit;
        count += 6;
        if (count < 8)
            continue;
        count -= 8;
        out[used++] = (char)(bits >> count & 0xff);
    }
    out[used] = '\0';
    return used > 0 && strlen(out) == used;
}

static bool copy(char *out, size_t size, const char *text)
{
    if (text == NULL || text[0] == '\0' || strlen(text) >= size)
        return false;
    strcpy(out, text);
    return true;
}

/* "user:password" in base64. */
static bool take_pair(const char *auth, struct silt_login *out)
{
    char pair[SILT_LOGIN_NAME_SIZE + SILT_LOGIN_SECRET_SIZE];
    bool is_good = auth != NULL && decode(auth, pair, sizeof pair);
    char *colon = is_good ? strchr(pair, ':') : NULL;
    if (colon != NULL) {
        *colon = '\0';
        is_good = copy(out->username, sizeof out->username, pair) &&
                  copy(out->secret, sizeof out->secret, colon + 1);
    }
    explicit_bzero(pair, sizeof pair);
    return is_good && colon != NULL;
}

static const char *text_of(const json_t *entry, const char *key)
{
    return json_string_value(json_object_get(entry, key));
}

/* An entry of auths; false if it holds nothing. Docker leaves empty ones where a helper has the login. */
static bool take_entry(const json_t *entry, struct silt_login *out)
{
    bool has_pair = take_pair(text_of(entry, "auth"), out) ||
                    (copy(out->username, sizeof out->username, text_of(entry, "username")) &&
                     copy(out->secret, sizeof out->secret, text_of(entry, "password")));
    out->kind = has_pair ? SILT_LOGIN_PASSWORD : SILT_LOGIN_NONE;
    if (copy(out->secret, sizeof out->secret, text_of(entry, "identitytoken")))
        out->kind = SILT_LOGIN_REFRESH;
    if (copy(out->secret, sizeof out->secret, text_of(entry, "registrytoken")))
        out->kind = SILT_LOGIN_BEARER;
    return out->kind != SILT_LOGIN_NONE;
}

/* Helpers know Docker Hub by its oldest name. */
static const char *server_of(const char *host)
{
    return strcmp(host, "docker.io") == 0 ? "https://index.docker.io/v1/" : host;
}

static enum silt_status find_in(const json_t *root, const struct lookup *lookup, struct silt_login *out,
                                struct silt_error *error)
{
    const char *helper = json_string_value(find_longest(json_object_get(root, "credHelpers"), *lookup));
    if (helper != NULL) {
        enum silt_status status = silt_helper_ask(helper, server_of(lookup->host), out, error);
        if (status != SILT_OK || out->kind != SILT_LOGIN_NONE)
            return status;
    }
    if (take_entry(find_longest(json_object_get(root, "auths"), *lookup), out))
        return SILT_OK;
    const char *store = text_of(root, "credsStore");
    return store != NULL && store[0] != '\0' ? silt_helper_ask(store, server_of(lookup->host), out, error)
                                             : SILT_OK;
}

enum silt_status silt_auth_file_find(const char *path, const char *host, const char *repository,
                                     struct silt_login *out, struct silt_error *error)
{
    json_t *root;
    struct lookup lookup = {.host = host};
    out->kind = SILT_LOGIN_NONE;
    snprintf(lookup.key, sizeof lookup.key, "%s%s%s", host, repository[0] != '\0' ? "/" : "", repository);
    enum silt_status status = load(path, &root, error);
    if (status == SILT_OK && root != NULL)
        status = find_in(root, &lookup, out, error);
    json_decref(root);
    return status;
}
