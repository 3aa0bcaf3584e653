/*
 * ruleset.c: finds or makes the database of a set of signatures.
 */
#include "match/ruleset.h"

#include "base/error.h"
#include "match/cache.h"
#include "match/plan.h"

#include <stdlib.h>

struct silt_ruleset {
    const struct silt_signatures *signatures;
    struct silt_plan plan;
    hs_database_t *databases[SILT_SCOPE_COUNT]; /* NULL where no signature has that scope */
};

enum { CACHE_MODE = 0600, BUILD_MODE = 0644 };

static enum silt_status compile(const struct silt_plan *plan, enum silt_scope scope, enum silt_level level,
                                hs_database_t **out, struct silt_error *error)
{
    int culprit;
    enum silt_status status = silt_database_compile(&plan->expressions[scope], silt_plan_is_text_scope(scope),
                                                    level, out, &culprit, error);
    if (status != SILT_OK && culprit >= 0 && !silt_plan_is_text_scope(scope)) {
        const struct silt_expression *expression = silt_array_at(&plan->expressions[scope], (size_t)culprit);
        const struct silt_signature *signature = plan->rules[expression->id].signature;
        silt_error_prefix(error, "%s: %s: %.200s", signature->file, signature->id, expression->text);
    }
    return status;
}

/* The best level that has a file, installed ones before cached ones. */
static enum silt_status find(const struct silt_ruleset_paths *paths, enum silt_level here,
                             const struct silt_digest *key, hs_database_t **out, struct silt_error *error)
{
    for (int level = (int)here; level >= 0; level--) {
        enum silt_status status = SILT_ERR_NOT_FOUND;
        if (paths->prebuilt_dir != NULL)
            status = silt_cache_find(paths->prebuilt_dir, SILT_CACHE_INSTALLED, (enum silt_level)level, key,
                                     out, error);
        if (status == SILT_ERR_NOT_FOUND && paths->cache_dir != NULL)
            status =
                silt_cache_find(paths->cache_dir, SILT_CACHE_OWN, (enum silt_level)level, key, out, error);
        if (status == SILT_OK || status == SILT_ERR_MEMORY)
            return status;
    }
    return SILT_ERR_NOT_FOUND;
}

static enum silt_status load(struct silt_ruleset *ruleset, enum silt_scope scope,
                             const struct silt_ruleset_paths *paths, struct silt_error *error)
{
    struct silt_digest key;
    enum silt_level here = silt_database_level_here();
    hs_database_t **out = &ruleset->databases[scope];
    enum silt_status status = silt_database_key(&ruleset->plan.expressions[scope], &key, error);
    if (status != SILT_OK)
        return status;
    if (paths != NULL) {
        status = find(paths, here, &key, out, NULL);
        if (status == SILT_OK)
            return status;
    }
    status = compile(&ruleset->plan, scope, here, out, error);
    if (status != SILT_OK || paths == NULL || paths->cache_dir == NULL)
        return status;
    /* A cache that cannot be written costs time at the next start, and nothing else. */
    enum silt_status kept = silt_cache_put(paths->cache_dir, CACHE_MODE, here, &key, *out, NULL);
    (void)kept;
    return SILT_OK;
}

enum silt_status silt_ruleset_open(const struct silt_signatures *set, const struct silt_ruleset_paths *paths,
                                   struct silt_ruleset **out, struct silt_error *error)
{
    struct silt_ruleset *ruleset = calloc(1, sizeof *ruleset);
    if (ruleset == NULL)
        return silt_error_memory(error);
    ruleset->signatures = set;
    enum silt_status status = silt_plan_make(set, &ruleset->plan, error);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++)
        if (ruleset->plan.expressions[scope].count > 0)
            status = load(ruleset, (enum silt_scope)scope, paths, error);
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
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++)
        hs_free_database(ruleset->databases[scope]);
    silt_plan_clear(&ruleset->plan);
    free(ruleset);
}

static enum silt_status build_level(const struct silt_plan *plan, enum silt_scope scope,
                                    const struct silt_digest *key, enum silt_level level, const char *dir,
                                    struct silt_error *error)
{
    hs_database_t *database = NULL;
    enum silt_status status = compile(plan, scope, level, &database, error);
    if (status == SILT_OK)
        status = silt_cache_put(dir, BUILD_MODE, level, key, database, error);
    hs_free_database(database);
    return status;
}

static enum silt_status build_scope(const struct silt_plan *plan, enum silt_scope scope, const char *dir,
                                    struct silt_error *error)
{
    struct silt_digest key;
    if (plan->expressions[scope].count == 0)
        return SILT_OK;
    enum silt_status status = silt_database_key(&plan->expressions[scope], &key, error);
    for (int level = 0; level < SILT_LEVEL_COUNT && status == SILT_OK; level++)
        status = build_level(plan, scope, &key, (enum silt_level)level, dir, error);
    return status;
}

enum silt_status silt_ruleset_build(const struct silt_signatures *set, const char *dir,
                                    struct silt_error *error)
{
    struct silt_plan plan;
    enum silt_status status = silt_plan_make(set, &plan, error);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++)
        status = build_scope(&plan, (enum silt_scope)scope, dir, error);
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
    return ruleset->databases[scope];
}
