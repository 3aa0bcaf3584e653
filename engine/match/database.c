/*
 * database.c: Hyperscan's compiler behind levels.
 */
#include "match/database.h"

#include "base/error.h"

#include <stdlib.h>

const char *silt_database_level_name(enum silt_level level)
{
    static const char *const names[] = {"x86-64-v2", "x86-64-v3", "x86-64-v4"};
    return names[level];
}

static unsigned long long level_features(enum silt_level level)
{
    if (level == SILT_LEVEL_V4)
        return HS_CPU_FEATURES_AVX2 | HS_CPU_FEATURES_AVX512;
    return level == SILT_LEVEL_V3 ? HS_CPU_FEATURES_AVX2 : 0;
}

enum silt_level silt_database_level_here(void)
{
    hs_platform_info_t here;
    if (hs_populate_platform(&here) != HS_SUCCESS)
        return SILT_LEVEL_V2;
    for (enum silt_level level = SILT_LEVEL_V4; level > SILT_LEVEL_V2; level--)
        if ((here.cpu_features & level_features(level)) == level_features(level))
            return level;
    return SILT_LEVEL_V2;
}

/* Hyperscan wants columns. */
struct columns {
    const char **texts;
    size_t *sizes;
    unsigned *flags;
    unsigned *ids;
};

static bool make_columns(const struct silt_array *expressions, struct columns *columns)
{
    size_t count = expressions->count + 1;
    columns->texts = calloc(count, sizeof *columns->texts);
    columns->sizes = calloc(count, sizeof *columns->sizes);
    columns->flags = calloc(count, sizeof *columns->flags);
    columns->ids = calloc(count, sizeof *columns->ids);
    if (columns->texts == NULL || columns->sizes == NULL || columns->flags == NULL || columns->ids == NULL)
        return false;
    for (size_t i = 0; i < expressions->count; i++) {
        const struct silt_expression *expression = silt_array_at(expressions, i);
        columns->texts[i] = expression->text;
        columns->sizes[i] = expression->size;
        columns->flags[i] = expression->flags;
        columns->ids[i] = expression->id;
    }
    return true;
}

static enum silt_status explain(hs_compile_error_t *problem, int *culprit, struct silt_error *error)
{
    *culprit = problem->expression;
    enum silt_status status =
        silt_error_set(error, problem->expression >= 0 ? SILT_ERR_USAGE : SILT_ERR_MEMORY, "Hyperscan: %s",
                       problem->message);
    hs_free_compile_error(problem);
    return status;
}

static hs_error_t compile(const struct columns *columns, unsigned count, bool is_text, enum silt_level level,
                          hs_database_t **out, hs_compile_error_t **problem)
{
    hs_platform_info_t platform = {.tune = HS_TUNE_FAMILY_GENERIC, .cpu_features = level_features(level)};
    if (is_text)
        return hs_compile_lit_multi(columns->texts, columns->flags, columns->ids, columns->sizes, count,
                                    HS_MODE_BLOCK, &platform, out, problem);
    return hs_compile_multi(columns->texts, columns->flags, columns->ids, count, HS_MODE_BLOCK, &platform,
                            out, problem);
}

enum silt_status silt_database_compile(const struct silt_array *expressions, bool is_text,
                                       enum silt_level level, hs_database_t **out, int *culprit,
                                       struct silt_error *error)
{
    struct columns columns = {0};
    hs_compile_error_t *problem = NULL;
    enum silt_status status = SILT_OK;
    *culprit = -1;
    if (!make_columns(expressions, &columns))
        status = silt_error_memory(error);
    else if (compile(&columns, (unsigned)expressions->count, is_text, level, out, &problem) != HS_SUCCESS)
        status = explain(problem, culprit, error);
    free(columns.texts);
    free(columns.sizes);
    free(columns.flags);
    free(columns.ids);
    return status;
}
