/*
 * targets.c: list files and patterns. A file whose name begins with @ is still named: file:@name or ./@name.
 */
#include "targets.h"

#include "escape.h"
#include "matches.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool complain(const char *what, const char *name, const char *why)
{
    fprintf(stderr, "silt: the %s ", what);
    silt_escape_print_text(stderr, name);
    fprintf(stderr, ": %s\n", why);
    return false;
}

/* How many bytes of a word say that a path follows. */
static size_t measure_transport(const char *word)
{
    static const char *const transports[] = {"file:", "dir:", "oci:", "oci-archive:", "docker-archive:"};
    for (size_t i = 0; i < sizeof transports / sizeof *transports; i++)
        if (strncmp(word, transports[i], strlen(transports[i])) == 0)
            return strlen(transports[i]);
    return 0;
}

/* A file whose name is a pattern fits it too, so that no file can stand in for the others.
 * Only the shell knows patterns otherwise, and no shell reads lists, configurations and arguments of
 * containers. */
static bool put_target(const char *word, struct silt_words *targets)
{
    char transport[32];
    size_t size = measure_transport(word), count = targets->count;
    snprintf(transport, sizeof transport, "%.*s", (int)size, word);
    const char *path = word + size;
    if (strpbrk(path, "*?") == NULL || strstr(word, "://") != NULL)
        return silt_words_put(targets, word, strlen(word)) || complain("target", word, "out of memory");
    if (!silt_matches_put(transport, path, targets))
        return false;
    return targets->count > count || complain("pattern", word, "nothing fits it");
}

static bool put_line(char *line, struct silt_words *targets)
{
    size_t size = strlen(line);
    while (size > 0 && strchr(" \t\r\n", line[size - 1]) != NULL)
        line[--size] = '\0';
    const char *word = line + strspn(line, " \t");
    return word[0] == '\0' || word[0] == '#' || put_target(word, targets);
}

static bool read_list(const char *path, struct silt_words *targets)
{
    bool is_stdin = strcmp(path, "-") == 0, is_good = true;
    FILE *file = is_stdin ? stdin : fopen(path, "re");
    if (file == NULL)
        return complain("list", path, strerror(errno));
    char *line = NULL;
    size_t room = 0, count = targets->count;
    while (is_good && getline(&line, &room, file) >= 0)
        is_good = put_line(line, targets);
    bool has_failed = ferror(file) != 0;
    free(line);
    if (!is_stdin)
        fclose(file);
    if (!is_good)
        return false;
    if (has_failed)
        return complain("list", path, "it cannot be read");
    return targets->count > count || complain("list", path, "it names nothing");
}

bool silt_targets_expand(const struct silt_words *operands, struct silt_words *targets)
{
    for (size_t i = 0; i < operands->count; i++) {
        const char *word = operands->items[i];
        bool is_list = word[0] == '@' && word[1] != '\0';
        if (is_list ? !read_list(word + 1, targets) : !put_target(word, targets))
            return false;
    }
    return true;
}
