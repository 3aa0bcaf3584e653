/*
 * glob.c: matching by two pointers and two places to go back to (one for `*`, one for `**`), so that no glob
 * costs more than its length times the path's.
 */
#include "base/glob.h"

#include "base/path.h"

struct cursor {
    const char *glob;
    size_t at;
};

/* Moves a `**` on by one character, or, where a slash belongs to it, to the start of the next part. */
static bool advance_globstar(struct cursor *globstar, struct silt_span path)
{
    bool whole_parts = globstar->glob[-1] == '/';
    do {
        if (globstar->at >= path.size)
            return false;
        globstar->at++;
    } while (whole_parts && path.data[globstar->at - 1] != '/');
    return true;
}

/* Matches one set such as [a-z]; answers the character after it, NULL if `c` is not in it. */
static const char *match_set(const char *glob, uint8_t c)
{
    bool negate = glob[1] == '!';
    const char *p = glob + (negate ? 2 : 1);
    bool found = false;
    for (const char *first = p; *p != '\0' && (*p != ']' || p == first); p++) {
        if (p[1] == '-' && p[2] != '\0' && p[2] != ']') {
            found = found || (c >= (uint8_t)p[0] && c <= (uint8_t)p[2]);
            p += 2;
        } else {
            found = found || c == (uint8_t)*p;
        }
    }
    if (*p == '\0' || found == negate || c == '/')
        return NULL;
    return p + 1;
}

/* Matches one character of the path; answers the glob behind it or NULL. */
static const char *match_one(const char *glob, uint8_t c)
{
    if (*glob == '?')
        return c != '/' ? glob + 1 : NULL;
    if (*glob == '[')
        return match_set(glob, c);
    return *glob != '\0' && (uint8_t)*glob == c ? glob + 1 : NULL;
}

static bool match_plain(const char *glob, struct silt_span path)
{
    struct cursor star = {NULL, 0}, globstar = {NULL, 0}, now = {glob, 0};
    for (;;) {
        if (now.glob[0] == '*' && now.glob[1] == '*') {
            now.glob += 2;
            if (*now.glob == '/' && (now.at == 0 || path.data[now.at - 1] == '/'))
                now.glob++;
            globstar = now;
            star.glob = NULL;
            continue;
        }
        if (*now.glob == '*') {
            now.glob++;
            star = now;
            continue;
        }
        if (now.at == path.size && *now.glob == '\0')
            return true;
        const char *next = now.at < path.size ? match_one(now.glob, path.data[now.at]) : NULL;
        if (next != NULL) {
            now = (struct cursor){next, now.at + 1};
        } else if (star.glob != NULL && star.at < path.size && path.data[star.at] != '/') {
            star.at++;
            now = star;
        } else if (globstar.glob != NULL && advance_globstar(&globstar, path)) {
            star.glob = NULL;
            now = globstar;
        } else {
            return false;
        }
    }
}

enum { GLOB_MAX = 512 };

/* Writes the glob with its first {…} replaced by alternative number n; false when there are no more. */
static bool expand(const char *glob, unsigned n, char out[GLOB_MAX])
{
    const char *open = strchr(glob, '{'), *close = open != NULL ? strchr(open, '}') : NULL;
    if (close == NULL || strlen(glob) >= GLOB_MAX)
        return false;
    const char *start = open + 1;
    while (n > 0 && start < close) {
        if (*start++ == ',')
            n--;
    }
    if (n > 0)
        return false;
    size_t size = strcspn(start, ",}");
    size_t head = (size_t)(open - glob);
    memcpy(out, glob, head);
    memcpy(out + head, start, size);
    strcpy(out + head + size, close + 1);
    return true;
}

bool silt_glob_match(const char *glob, struct silt_span path)
{
    struct silt_span subject = strchr(glob, '/') != NULL ? path : silt_path_name(path);
    if (strchr(glob, '{') == NULL)
        return match_plain(glob, subject);
    char plain[GLOB_MAX];
    for (unsigned n = 0; expand(glob, n, plain); n++)
        if (match_plain(plain, subject))
            return true;
    return false;
}
