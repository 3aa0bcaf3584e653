/*
 * targets.c: list files. A file whose name begins with @ is still named: file:@name or ./@name.
 */
#include "targets.h"

#include "escape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool complain(const char *path, const char *why)
{
    fputs("silt: the list ", stderr);
    silt_escape_print_text(stderr, path);
    fprintf(stderr, ": %s\n", why);
    return false;
}

static bool put_line(char *line, struct silt_words *targets)
{
    size_t size = strlen(line);
    while (size > 0 && strchr(" \t\r\n", line[size - 1]) != NULL)
        size--;
    size_t blanks = strspn(line, " \t");
    if (blanks >= size || line[blanks] == '#')
        return true;
    return silt_words_put(targets, line + blanks, size - blanks);
}

static bool read_list(const char *path, struct silt_words *targets)
{
    bool is_stdin = strcmp(path, "-") == 0, is_good = true;
    FILE *file = is_stdin ? stdin : fopen(path, "re");
    if (file == NULL)
        return complain(path, strerror(errno));
    char *line = NULL;
    size_t room = 0, count = targets->count;
    while (is_good && getline(&line, &room, file) >= 0)
        is_good = put_line(line, targets);
    bool has_failed = ferror(file) != 0;
    free(line);
    if (!is_stdin)
        fclose(file);
    if (!is_good || has_failed)
        return complain(path, is_good ? "it cannot be read" : "out of memory");
    return targets->count > count || complain(path, "it names nothing");
}

bool silt_targets_expand(const struct silt_words *operands, struct silt_words *targets)
{
    for (size_t i = 0; i < operands->count; i++) {
        const char *word = operands->items[i];
        bool is_list = word[0] == '@' && word[1] != '\0';
        if (is_list ? !read_list(word + 1, targets) : !silt_words_put(targets, word, strlen(word)))
            return false;
    }
    return true;
}
