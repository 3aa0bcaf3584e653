/*
 * rules.c: the signatures that a command works with, and their ruleset.
 */
#include "rules.h"

#include "datadir.h"
#include "escape.h"

/* Engine messages may quote what they read. */
static bool explain(const struct silt_error *error)
{
    fputs("silt: ", stderr);
    silt_escape_print_text(stderr, error->message);
    fputc('\n', stderr);
    return false;
}

/* Beside the signatures stands what was made of them, and a set that was read before (the databases'
 * directory need not be there: then the files are read). */
static bool open_own(struct silt_signatures **out)
{
    char directory[PATH_MAX], built[PATH_MAX];
    struct silt_error error = {0};
    if (!silt_datadir_find("signatures", directory)) {
        fprintf(stderr,
                "silt: its signatures are not at %s; SILT_DATA_DIR can name the directory above them\n",
                directory);
        return false;
    }
    const char *snapshot_dir = silt_datadir_find("databases", built) ? built : NULL;
    return silt_signatures_open(directory, snapshot_dir, out, &error) == SILT_OK || explain(&error);
}

static bool open_none(struct silt_signatures **out)
{
    struct silt_error error = {0};
    return silt_signatures_new(out, &error) == SILT_OK || explain(&error);
}

static bool add_files(struct silt_signatures *set, const struct silt_words *files)
{
    for (size_t i = 0; files != NULL && i < files->count; i++) {
        struct silt_error error = {0};
        if (silt_signatures_add(set, files->items[i], &error) != SILT_OK)
            return explain(&error);
    }
    return true;
}

static bool choose(struct silt_signatures *set, const struct silt_rules_choice *choice)
{
    struct silt_error error = {0};
    const struct silt_words *only = choice->only, *disable = choice->disable;
    if (only != NULL && only->count > 0 &&
        silt_signatures_only(set, (const char *const *)only->items, &error) != SILT_OK)
        return explain(&error);
    if (disable != NULL && disable->count > 0 &&
        silt_signatures_disable(set, (const char *const *)disable->items, &error) != SILT_OK)
        return explain(&error);
    return true;
}

bool silt_rules_load(struct silt_rules *rules, const struct silt_rules_choice *choice, bool only_files)
{
    return (only_files ? open_none(&rules->set) : open_own(&rules->set)) &&
           add_files(rules->set, choice->files) && choose(rules->set, choice);
}

bool silt_rules_compile(struct silt_rules *rules, const struct silt_rules_choice *choice)
{
    char databases[PATH_MAX], cache[PATH_MAX];
    struct silt_error error = {0};
    struct silt_ruleset_paths paths = {0};
    if (silt_datadir_find("databases", databases))
        paths.prebuilt_dir = databases;
    if (!choice->no_cache && choice->cache_dir != NULL)
        paths.cache_dir = choice->cache_dir;
    else if (!choice->no_cache && silt_datadir_cache(cache))
        paths.cache_dir = cache;
    return silt_ruleset_open(rules->set, &paths, &rules->ruleset, &error) == SILT_OK || explain(&error);
}

void silt_rules_clear(struct silt_rules *rules)
{
    silt_ruleset_free(rules->ruleset);
    silt_signatures_free(rules->set);
    *rules = (struct silt_rules){0};
}
