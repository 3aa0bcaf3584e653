/*
 * ruleset.c: finds or makes the plan and the databases of a set of signatures.
 */
#include "match/ruleset.h"

#include "base/error.h"
#include "match/cache.h"
#include "match/plan_file.h"

#include <stdlib.h>

struct silt_ruleset {
    const struct silt_signatures *signatures;
    struct silt_plan plan;
    struct silt_compiled compiled;
};

/* The directories that there are, in the order in which they are looked into. */
struct shelves {
    struct silt_cache_place places[2];
    size_t count;
    bool has_own; /* the last one is a cache, to be written to */
};

static struct shelves shelves_of(const struct silt_ruleset_paths *paths)
{
    struct shelves shelves = {0};
    if (paths != NULL && paths->prebuilt_dir != NULL)
        shelves.places[shelves.count++] =
            (struct silt_cache_place){paths->prebuilt_dir, SILT_STORED_INSTALLED, {{0}}};
    shelves.has_own = paths != NULL && paths->cache_dir != NULL;
    if (shelves.has_own)
        shelves.places[shelves.count++] = (struct silt_cache_place){paths->cache_dir, SILT_STORED_OWN, {{0}}};
    return shelves;
}

static void set_key(struct shelves *shelves, const struct silt_digest *key)
{
    for (size_t i = 0; i < shelves->count; i++)
        shelves->places[i].key = *key;
}

/* Finds the plan, or makes and keeps it. A cache that cannot be written costs time at the next start, and
 * nothing else. */
static enum silt_status take_plan(struct silt_ruleset *ruleset, struct shelves *shelves,
                                  struct silt_error *error)
{
    struct silt_digest key;
    enum silt_status status = silt_plan_file_key(ruleset->signatures, &key, error);
    if (status != SILT_OK)
        return status;
    set_key(shelves, &key);
    for (size_t i = 0; i < shelves->count; i++) {
        status = silt_cache_find_plan(&shelves->places[i], ruleset->signatures, &ruleset->plan, NULL);
        if (status == SILT_OK)
            return status;
    }
    status = silt_plan_make(ruleset->signatures, &ruleset->plan, error);
    if (status != SILT_OK || !shelves->has_own)
        return status;
    enum silt_status kept = silt_cache_put_plan(&shelves->places[shelves->count - 1], &ruleset->plan, NULL);
    (void)kept;
    return SILT_OK;
}

/* The databases of the best level that has a file. */
static enum silt_status find_compiled(struct silt_ruleset *ruleset, struct shelves *shelves,
                                      enum silt_level here)
{
    for (int level = (int)here; level >= 0; level--) {
        struct silt_digest key;
        enum silt_status status = silt_compiled_key(&ruleset->plan, (enum silt_level)level, &key, NULL);
        if (status != SILT_OK)
            return status;
        set_key(shelves, &key);
        for (size_t i = 0; i < shelves->count; i++) {
            status = silt_cache_find_compiled(&shelves->places[i], (enum silt_level)level, &ruleset->compiled,
                                              NULL);
            if (status != SILT_ERR_NOT_FOUND)
                return status;
        }
    }
    return SILT_ERR_NOT_FOUND;
}

/* Finds the databases, or compiles and keeps them. */
static enum silt_status take_compiled(struct silt_ruleset *ruleset, struct shelves *shelves,
                                      struct silt_error *error)
{
    struct silt_digest key;
    enum silt_level here = silt_database_level_here();
    if (shelves->count > 0 && find_compiled(ruleset, shelves, here) == SILT_OK)
        return SILT_OK;
    enum silt_status status = silt_compiled_make(&ruleset->plan, here, &ruleset->compiled, error);
    if (status != SILT_OK || !shelves->has_own)
        return status;
    status = silt_compiled_key(&ruleset->plan, here, &key, error);
    if (status != SILT_OK)
        return status;
    set_key(shelves, &key);
    enum silt_status kept =
        silt_cache_put_compiled(&shelves->places[shelves->count - 1], here, &ruleset->compiled, NULL);
    (void)kept;
    return SILT_OK;
}

enum silt_status silt_ruleset_open(const struct silt_signatures *set, const struct silt_ruleset_paths *paths,
                                   struct silt_ruleset **out, struct silt_error *error)
{
    struct shelves shelves = shelves_of(paths);
    struct silt_ruleset *ruleset = calloc(1, sizeof *ruleset);
    if (ruleset == NULL)
        return silt_error_memory(error);
    ruleset->signatures = set;
    enum silt_status status = take_plan(ruleset, &shelves, error);
    if (status == SILT_OK)
        status = take_compiled(ruleset, &shelves, error);
    if (status != SILT_OK) {
        silt_ruleset_free(ruleset);
        return status;
    }
    *out = ruleset;
    return SILT_OK;
}

void silt_ruleset_free(struct silt_ruleset *ruleset)
{
    if (ruleset == NULL)
        return;
    silt_compiled_clear(&ruleset->compiled);
    silt_plan_clear(&ruleset->plan);
    free(ruleset);
}

static enum silt_status build_level(const struct silt_plan *plan, enum silt_level level, const char *dir,
                                    struct silt_error *error)
{
    struct silt_compiled compiled = {0};
    struct silt_cache_place place = {.dir = dir, .trust = SILT_STORED_INSTALLED};
    enum silt_status status = silt_compiled_key(plan, level, &place.key, error);
    if (status == SILT_OK)
        status = silt_compiled_make(plan, level, &compiled, error);
    if (status == SILT_OK)
        status = silt_cache_put_compiled(&place, level, &compiled, error);
    silt_compiled_clear(&compiled);
    return status;
}

enum silt_status silt_ruleset_build(const struct silt_signatures *set, const char *dir,
                                    struct silt_error *error)
{
    struct silt_plan plan;
    struct silt_cache_place place = {.dir = dir, .trust = SILT_STORED_INSTALLED};
    enum silt_status status = silt_plan_make(set, &plan, error);
    if (status == SILT_OK)
        status = silt_plan_file_key(set, &place.key, error);
    if (status == SILT_OK)
        status = silt_cache_put_plan(&place, &plan, error);
    for (int level = 0; level < SILT_LEVEL_COUNT && status == SILT_OK; level++)
        status = build_level(&plan, (enum silt_level)level, dir, error);
    silt_plan_clear(&plan);
    return status;
}

size_t silt_ruleset_count(const struct silt_ruleset *ruleset)
{
    return ruleset->plan.rule_count;
}

const struct silt_rule *silt_ruleset_at(const struct silt_ruleset *ruleset, size_t index)
{
    return &ruleset->plan.rules[index];
}

const struct silt_signatures *silt_ruleset_signatures(const struct silt_ruleset *ruleset)
{
    return ruleset->signatures;
}

const struct silt_plan *silt_ruleset_plan(const struct silt_ruleset *ruleset)
{
    return &ruleset->plan;
}

const void *silt_ruleset_database(const struct silt_ruleset *ruleset, int scope)
{
    return ruleset->compiled.databases[scope];
}
