/*
 * matches.c: the files that fit a pattern: a walk from the last folder before the first wildcard, no deeper
 * than the pattern goes. Links to folders are followed, but not below `**`, where they could lead in circles.
 */
#include "matches.h"

#include "escape.h"
#include "wildcard.h"

#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* A pattern on its way. */
struct search {
    const char *prefix, *pattern;
    size_t skipped; /* of a walked path: "./", which the pattern does not have */
    int depth;      /* that the pattern reaches; INT_MAX with `**` */
    struct silt_words *targets;
};

static bool complain(const char *path, const char *why)
{
    fputs("silt: ", stderr);
    silt_escape_print_text(stderr, path);
    fprintf(stderr, ": %s\n", why);
    return false;
}

static int compare(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A pattern without a slash would be held against names in all folders. */
static bool fits(const struct search *it, const char *path)
{
    const char *file = path + it->skipped;
    bool is_too_deep = strchr(it->pattern, '/') == NULL && strchr(file, '/') != NULL;
    return !is_too_deep &&
           silt_wildcard_match(it->pattern, (struct silt_span){(const uint8_t *)file, strlen(file)});
}

static bool put(const struct search *it, const char *path)
{
    char word[2 * PATH_MAX];
    int size = snprintf(word, sizeof word, "%s%s", it->prefix, path + it->skipped);
    if (size < 0 || (size_t)size >= sizeof word)
        return complain(path, "the path is too long");
    return silt_words_put(it->targets, word, (size_t)size) || complain(path, "out of memory");
}

/* Takes one step of the walk. */
static bool take(const struct search *it, FTS *walk, FTSENT *entry)
{
    if (entry->fts_info == FTS_DP || entry->fts_info == FTS_DC)
        return true;
    bool is_match = entry->fts_level > 0 && fits(it, entry->fts_path);
    if (is_match || entry->fts_level >= it->depth)
        fts_set(walk, entry, FTS_SKIP);
    if (is_match)
        return put(it, entry->fts_path);
    bool is_missing = entry->fts_level == 0 && entry->fts_info == FTS_NS;
    bool is_lost = entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR;
    return is_missing || !is_lost || entry->fts_level >= it->depth ||
           complain(entry->fts_path, strerror(entry->fts_errno));
}

static int count_slashes(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += *text == '/';
    return count;
}

static bool walk(const struct search *it, const char *root)
{
    int links = it->depth == INT_MAX ? FTS_PHYSICAL | FTS_COMFOLLOW : FTS_LOGICAL;
    char *const roots[] = {(char *)root, NULL};
    FTS *fts = fts_open(roots, links | FTS_NOCHDIR, compare);
    if (fts == NULL)
        return complain(root, "it cannot be walked");
    bool is_good = true;
    for (FTSENT *entry; is_good && (entry = fts_read(fts)) != NULL;)
        is_good = take(it, fts, entry);
    fts_close(fts);
    return is_good;
}

bool silt_matches_put(const char *prefix, const char *pattern, struct silt_words *targets)
{
    char root[PATH_MAX];
    const char *wildcard = pattern + strcspn(pattern, "*?"),
               *slash = memrchr(pattern, '/', (size_t)(wildcard - pattern));
    size_t size = slash == NULL ? 0 : (size_t)(slash - pattern);
    if (size >= sizeof root)
        return complain(pattern, "the path is too long");
    snprintf(root, sizeof root, "%.*s", (int)size, pattern);
    struct search it = {prefix, pattern, 0, INT_MAX, targets};
    if (slash == NULL)
        strcpy(root, ".");
    else if (size == 0)
        strcpy(root, "/");
    it.skipped = slash == NULL ? 2 : 0;
    if (strstr(pattern, "**") == NULL)
        it.depth = count_slashes(slash != NULL ? slash + 1 : pattern) + 1;
    return walk(&it, root);
}
