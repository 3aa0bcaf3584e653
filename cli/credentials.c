/*
 * credentials.c: the order in which logins are looked for.
 */
#include "credentials.h"

#include "auth_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool silt_credentials_read_password(struct silt_credentials *credentials)
{
    size_t used = 0, room = sizeof credentials->password - 1;
    ssize_t got = 1;
    while (used < room && got != 0) {
        got = read(STDIN_FILENO, credentials->password + used, room - used);
        if (got < 0 && errno != EINTR)
            break;
        used += got > 0 ? (size_t)got : 0;
    }
    while (used > 0 && strchr("\r\n", credentials->password[used - 1]) != NULL)
        used--;
    credentials->password[used] = '\0';
    bool is_good = used > 0 && used < room && strlen(credentials->password) == used;
    if (!is_good)
        fputs("silt: --password-stdin: standard input holds no password\n", stderr);
    return is_good;
}

/* Adds DIRECTORY/NAME where the environment names the directory. */
static bool put_file(struct silt_credentials *credentials, const char *variable, const char *name)
{
    const char *directory = getenv(variable);
    char path[PATH_MAX];
    if (directory == NULL || directory[0] == '\0')
        return true;
    int size = snprintf(path, sizeof path, "%s%s%s", directory, name[0] != '\0' ? "/" : "", name);
    return size < 0 || size >= PATH_MAX || silt_words_put(&credentials->files, path, (size_t)size);
}

bool silt_credentials_list_files(struct silt_credentials *credentials)
{
    static const char *const places[][2] = {
        {"DOCKER_CONFIG", "config.json"},
        {"XDG_RUNTIME_DIR", "containers/auth.json"},
        {"XDG_CONFIG_HOME", "containers/auth.json"},
        {"HOME", ".config/containers/auth.json"},
        {"HOME", ".docker/config.json"},
    };
    const char *only = getenv("REGISTRY_AUTH_FILE");
    if (only != NULL && only[0] != '\0')
        return put_file(credentials, "REGISTRY_AUTH_FILE", "");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (!put_file(credentials, places[i][0], places[i][1]))
            return false;
    return true;
}

/* What was typed is for the registry of the command line, and for no other. */
static void take_typed(const struct silt_credentials *credentials, const char *host, struct silt_login *out)
{
    out->kind = SILT_LOGIN_NONE;
    if (strcmp(host, credentials->host) != 0)
        return;
    snprintf(out->username, sizeof out->username, "%s", credentials->username);
    strcpy(out->secret, credentials->password);
    out->kind = SILT_LOGIN_PASSWORD;
}

/* The first file that has something wins; one that is broken does not hide the others. */
static enum silt_status look_into_files(const struct silt_credentials *credentials, const char *host,
                                        const char *repository, struct silt_login *out,
                                        struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < credentials->files.count; i++) {
        struct silt_error why = {0};
        enum silt_status one = silt_auth_file_find(credentials->files.items[i], host, repository, out, &why);
        if (one == SILT_OK && out->kind != SILT_LOGIN_NONE)
            return SILT_OK;
        if (one != SILT_OK && status == SILT_OK) {
            status = one;
            *error = why;
        }
    }
    out->kind = SILT_LOGIN_NONE;
    return status;
}

enum silt_status silt_credentials_find(void *context, const char *host, const char *repository,
                                       struct silt_login *out, struct silt_error *error)
{
    struct silt_credentials *credentials = context;
    if (credentials->username != NULL) {
        take_typed(credentials, host, out);
        return SILT_OK;
    }
    return look_into_files(credentials, host, repository, out, error);
}

void silt_credentials_clear(struct silt_credentials *credentials)
{
    silt_words_clear(&credentials->files);
    explicit_bzero(credentials, sizeof *credentials);
}
