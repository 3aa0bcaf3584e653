/*
 * tags.c: a short list of words; a loop over it is all it takes.
 */
#include "serve/queue/tags.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool silt_tags_next(const char **names, const char **times, struct silt_tags_item *out)
{
    *names += strspn(*names, " ");
    size_t size = strcspn(*names, " ");
    if (size == 0)
        return false;
    char *end = NULL;
    int64_t time = *times != NULL ? strtoll(*times, &end, 10) : 0;
    *out = (struct silt_tags_item){*names, size, time};
    *names += size;
    if (*times != NULL)
        *times = end;
    return true;
}

static void print(FILE *names, FILE *times, const struct silt_tags_item *item)
{
    const char *blank = ftell(names) > 0 ? " " : "";
    fprintf(names, "%s%.*s", blank, (int)item->name_size, item->name);
    fprintf(times, "%s%" PRId64, blank, item->pushed_ms);
}

static void print_all(const struct silt_tags *tags, const struct silt_tags_item *put, FILE *names,
                      FILE *times, bool *is_new)
{
    const char *name = tags->names, *time = tags->times;
    *is_new = true;
    for (struct silt_tags_item item; silt_tags_next(&name, &time, &item);) {
        if (item.name_size == put->name_size && memcmp(item.name, put->name, item.name_size) == 0) {
            *is_new = false;
            if (item.pushed_ms < put->pushed_ms)
                item.pushed_ms = put->pushed_ms;
        }
        print(names, times, &item);
    }
    if (*is_new)
        print(names, times, put);
}

bool silt_tags_put(struct silt_tags *tags, const char *tag, int64_t pushed_ms, struct silt_stash *stash,
                   bool *is_new)
{
    *is_new = false;
    if (*tag == '\0')
        return true;
    const size_t time_size = 22; /* a number of 64 bits, and a blank */
    size_t count = 2;
    for (const char *c = tags->names; *c != '\0'; c++)
        count += *c == ' ';
    size_t names_size = strlen(tags->names) + strlen(tag) + 2, times_size = count * time_size;
    char *names = silt_stash_take(stash, names_size, 1), *times = silt_stash_take(stash, times_size, 1);
    if (names == NULL || times == NULL)
        return false;
    FILE *name_stream = fmemopen(names, names_size, "w"), *time_stream = fmemopen(times, times_size, "w");
    bool ok = name_stream != NULL && time_stream != NULL;
    if (ok)
        print_all(tags, &(struct silt_tags_item){tag, strlen(tag), pushed_ms}, name_stream, time_stream,
                  is_new);
    ok = name_stream != NULL && fclose(name_stream) == 0 && ok;
    ok = time_stream != NULL && fclose(time_stream) == 0 && ok;
    *tags = (struct silt_tags){names, times};
    return ok;
}
