/*
 * shape.c: shapes of names.
 */
#include "shape.h"

#include <stddef.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

enum { NAME_MOST = 255, TAG_MOST = 128, HASH_SIZE = 64 };

static bool is_in(char letter, const char *set)
{
    return letter != '\0' && strchr(set, letter) != NULL;
}

/* A part of a repository's name: letters and digits at both ends. */
static bool is_part(const char *text, size_t size)
{
    return size > 0 && strspn(text, LOWER DIGIT "._-") >= size && is_in(text[0], LOWER DIGIT) &&
           is_in(text[size - 1], LOWER DIGIT);
}

bool silt_shape_is_repository(const char *text)
{
    if (strlen(text) > NAME_MOST || strstr(text, "..") != NULL)
        return false;
    for (;;) {
        size_t size = strcspn(text, "/");
        if (!is_part(text, size))
            return false;
        if (text[size] == '\0')
            return true;
        text += size + 1;
    }
}

bool silt_shape_is_tag(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= TAG_MOST && strspn(text, LOWER UPPER DIGIT "._-") == size && text[0] != '.' &&
           text[0] != '-';
}

bool silt_shape_is_digest(const char *text)
{
    const char *hash = text + strlen("sha256:");
    return strncmp(text, "sha256:", strlen("sha256:")) == 0 && strlen(hash) == HASH_SIZE &&
           strspn(hash, DIGIT "abcdef") == HASH_SIZE;
}

bool silt_shape_is_host(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= NAME_MOST && strspn(text, LOWER UPPER DIGIT "._-:[]") == size &&
           text[0] != '.' && text[0] != '-' && text[0] != ':';
}
