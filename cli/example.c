/*
 * example.c: an example of a signature as the file that it stands for.
 */
#include "example.h"

#include <stdio.h>
#include <string.h>

/* Writes a character of a set and answers what is behind it; `set` is behind the opening bracket. */
static const char *take_set(const char *set, char *out)
{
    bool is_negated = *set == '!';
    const char *end = strchr(set + 1, ']');
    for (*out = is_negated ? 'a' : *set; is_negated && end != NULL && *out < 'z'; ++*out)
        if (memchr(set, *out, (size_t)(end - set)) == NULL)
            break;
    return end != NULL ? end + 1 : set + strlen(set);
}

/* Answers what is behind the brace that closes alternatives. */
static const char *skip_alternatives(const char *glob)
{
    const char *end = strchr(glob, '}');
    return end != NULL ? end + 1 : glob + strlen(glob);
}

void silt_example_name(const char *glob, char name[SILT_EXAMPLE_NAME_SIZE])
{
    size_t used = 0;
    while (*glob != '\0' && used < SILT_EXAMPLE_NAME_SIZE - 1) {
        if (strncmp(glob, "**/", 3) == 0) {
            glob += 3;
        } else if (*glob == '*' || *glob == '?') {
            name[used++] = 'x';
            glob += *glob == '*' ? strspn(glob, "*") : 1;
        } else if (*glob == '[') {
            glob = take_set(glob + 1, &name[used++]);
        } else if (*glob == ',' || *glob == '}') {
            glob = skip_alternatives(glob);
        } else if (*glob == '{') {
            glob++;
        } else {
            name[used++] = *glob++;
        }
    }
    name[used] = '\0';
}

static struct silt_span span_of(const char *text)
{
    return (struct silt_span){(const uint8_t *)text, strlen(text)};
}

struct silt_span silt_example_open(const struct silt_signature *signature, const char *text,
                                   char name[SILT_EXAMPLE_NAME_SIZE])
{
    snprintf(name, SILT_EXAMPLE_NAME_SIZE, "x");
    if (signature->path[0] != '\0' && signature->pattern[0] != '\0')
        silt_example_name(signature->path, name);
    if (signature->path[0] != '\0' && signature->pattern[0] == '\0') {
        size_t size = strcspn(text, "\n");
        snprintf(name, SILT_EXAMPLE_NAME_SIZE, "%.*s", (int)size, text);
        text += text[size] == '\n' ? size + 1 : size;
    }
    /* The engine does not look at empty files, so that a name alone stands for a file with one blank line. */
    return span_of(*text != '\0' || signature->pattern[0] != '\0' ? text : "\n");
}
