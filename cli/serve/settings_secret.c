/*
 * settings_secret.c: secrets read and made.
 */
#include "serve/settings_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { SECRET_MAX = 64 * 1024, RANDOM_SIZE = 32 };

char *silt_settings_secret_read(const char *path, char *why, size_t size)
{
    char *text = calloc(1, SECRET_MAX + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = text != NULL && fd >= 0 ? read(fd, text, SECRET_MAX) : -1;
    snprintf(why, size, "%s: %s", path, got == 0 ? "it is empty" : strerror(errno));
    if (fd >= 0)
        close(fd);
    while (got > 0 && (text[got - 1] == '\n' || text[got - 1] == '\r'))
        text[--got] = '\0';
    if (got > 0)
        return text;
    silt_settings_secret_free(text);
    return NULL;
}

char *silt_settings_secret_variable(const char *name, char *why, size_t size)
{
    const char *value = getenv(name);
    snprintf(why, size, "the environment variable %s is not set", name);
    return value != NULL && value[0] != '\0' ? strdup(value) : NULL;
}

/* Writes a new file with a random secret in hexadecimal. An existing one is left alone. */
static bool make(const char *path)
{
    unsigned char bytes[RANDOM_SIZE];
    char text[2 * RANDOM_SIZE + 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    strcat(text, "\n");
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_made = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(text, sizeof text);
    return is_made;
}

char *silt_settings_secret_make(const char *path, char *why, size_t size)
{
    if (access(path, F_OK) != 0 && !make(path)) {
        snprintf(why, size, "%s: %s", path, strerror(errno));
        return NULL;
    }
    return silt_settings_secret_read(path, why, size);
}

void silt_settings_secret_free(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}
