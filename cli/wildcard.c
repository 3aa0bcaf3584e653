/*
 * wildcard.c: paths with wildcards. When a character does not fit, the last wildcard takes one more; `**` is
 * tried again where `*` has come to its end at a slash, so time is at most the product of the three lengths.
 */
#include "wildcard.h"

#include <string.h>

/* Where to go on when something does not fit: behind a wildcard in the glob, at a place in the text. */
struct retry {
    const char *glob;
    size_t at;
};

static bool is_slashed(const char *glob)
{
    return strchr(glob, '/') != NULL;
}

static struct silt_span file_name(struct silt_span path)
{
    const uint8_t *slash = path.size > 0 ? memrchr(path.data, '/', path.size) : NULL;
    if (slash == NULL)
        return path;
    size_t start = (size_t)(slash + 1 - path.data);
    return (struct silt_span){path.data + start, path.size - start};
}

/* Takes the wildcard at *glob; `**` + slash may also be nothing at all. */
static void take_wildcard(const char **glob, size_t at, struct retry *one, struct retry *all)
{
    bool is_double = (*glob)[1] == '*';
    *glob += is_double ? 2 : 1;
    *(is_double ? all : one) = (struct retry){*glob, at};
    if (is_double)
        *one = (struct retry){NULL, 0};
    if (is_double && **glob == '/')
        ++*glob;
}

static bool fits(char wanted, uint8_t found)
{
    return wanted == '?' ? found != '/' : (uint8_t)wanted == found;
}

bool silt_wildcard_match(const char *glob, struct silt_span path)
{
    struct silt_span text = is_slashed(glob) ? path : file_name(path);
    struct retry one = {NULL, 0}, all = {NULL, 0};
    size_t at = 0;
    while (at < text.size || *glob != '\0') {
        if (*glob == '*') {
            take_wildcard(&glob, at, &one, &all);
        } else if (*glob != '\0' && at < text.size && fits(*glob, text.data[at])) {
            glob++;
            at++;
        } else if (one.glob != NULL && one.at < text.size && text.data[one.at] != '/') {
            glob = one.glob;
            at = ++one.at;
        } else if (all.glob != NULL && all.at < text.size) {
            glob = all.glob;
            at = ++all.at;
            one.glob = NULL;
        } else {
            return false;
        }
    }
    return true;
}
