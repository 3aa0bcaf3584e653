/*
 * ruleset_lint.c: what is wrong or could be better about signatures, one by one. The full pattern against the
 * examples is `silt signatures test`; here only what the matcher needs is looked at.
 */
#include "base/error.h"
#include "match/plan.h"
#include "match/prefilter.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { EXAMPLES_MIN = 2 };

struct linter {
    const struct silt_signatures *set;
    const struct silt_signature *signature;
    bool (*report)(void *context, const struct silt_lint *lint);
    void *context;
    bool is_stopped;
};

static void tell(struct linter *linter, bool is_error, const char *format, ...) SILT_PRINTF(3, 4);

static void tell(struct linter *linter, bool is_error, const char *format, ...)
{
    char message[SILT_ERROR_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct silt_lint lint = {.signature = linter->signature, .is_error = is_error, .message = message};
    if (!linter->is_stopped && !linter->report(linter->context, &lint))
        linter->is_stopped = true;
}

static size_t count(const char *const *list)
{
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    return count;
}

static void lint_texts(struct linter *linter)
{
    const struct silt_signature *signature = linter->signature;
    size_t matches = count(signature->examples_match), others = count(signature->examples_no_match);
    if (matches < EXAMPLES_MIN)
        tell(linter, true, "%zu examples that match; at least %d are needed", matches, EXAMPLES_MIN);
    if (others < EXAMPLES_MIN)
        tell(linter, true, "%zu examples that do not match; at least %d are needed", others, EXAMPLES_MIN);
    if (signature->references[0] == NULL)
        tell(linter, false, "no references");
    for (size_t i = 0; signature->references[i] != NULL; i++)
        if (strncmp(signature->references[i], "https://", 8) != 0)
            tell(linter, false, "reference %zu does not begin with https://", i + 1);
    if (signature->companion[0] != '\0' && silt_signatures_find(linter->set, signature->companion) == NULL)
        tell(linter, true, "there is no signature %s, its companion", signature->companion);
}

static void lint_prefilter(struct linter *linter, const struct silt_plan_part *part)
{
    const char *text = part->expression.text;
    if (part->expression.flags == HS_FLAG_PREFILTER)
        tell(linter, false, "the pattern is not understood and is matched as a whole; give a \"prefilter\"");
    else if (part->weight < 3 * SILT_PREFILTER_BYTE)
        tell(linter, false, "the prefilter has fewer than 3 fixed bytes: %.200s", text);
    if (part->is_open)
        tell(linter, false, "the prefilter begins with a run of nearly any bytes: %.200s", text);
}

static int note_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                      void *context)
{
    (void)id, (void)from, (void)to, (void)flags;
    *(bool *)context = true;
    return 0;
}

static void lint_examples(struct linter *linter, const hs_database_t *database, hs_scratch_t *scratch)
{
    const char *const *examples = linter->signature->examples_match;
    for (size_t i = 0; examples[i] != NULL; i++) {
        bool is_found = false;
        hs_scan(database, examples[i], (unsigned)strlen(examples[i]), 0, scratch, note_match, &is_found);
        if (!is_found)
            tell(linter, true, "the prefilter finds nothing in matching example %zu", i + 1);
    }
}

static enum silt_status lint_compiled(struct linter *linter, struct silt_expression *expression,
                                      struct silt_error *error)
{
    struct silt_array one = {.items = expression, .count = 1, .item_size = sizeof *expression};
    hs_database_t *database = NULL;
    hs_scratch_t *scratch = NULL;
    struct silt_error problem = {0};
    int culprit;
    enum silt_status status = silt_database_compile(&one, SILT_LEVEL_V2, &database, &culprit, &problem);
    if (status == SILT_ERR_USAGE) {
        tell(linter, true, "%s: %.200s", problem.message, expression->text);
        return SILT_OK;
    }
    if (status == SILT_OK && hs_alloc_scratch(database, &scratch) == HS_SUCCESS)
        lint_examples(linter, database, scratch);
    else
        status = silt_error_memory(error);
    hs_free_scratch(scratch);
    hs_free_database(database);
    return status;
}

static enum silt_status lint_pattern(struct linter *linter, struct silt_error *error)
{
    struct silt_arena arena = {0};
    struct silt_plan_part part;
    struct silt_error problem = {0};
    enum silt_status status = silt_plan_signature(linter->signature, &arena, &part, &problem);
    if (status == SILT_ERR_USAGE) {
        tell(linter, true, "%s", problem.message);
        status = SILT_OK;
    } else if (status == SILT_OK) {
        lint_prefilter(linter, &part);
        status = lint_compiled(linter, &part.expression, error);
    } else {
        status = silt_error_memory(error);
    }
    silt_arena_clear(&arena);
    return status;
}

enum silt_status silt_ruleset_lint(const struct silt_signatures *set,
                                   bool (*report)(void *context, const struct silt_lint *lint), void *context,
                                   struct silt_error *error)
{
    struct linter linter = {.set = set, .report = report, .context = context};
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < silt_signatures_count(set) && status == SILT_OK && !linter.is_stopped; i++) {
        linter.signature = silt_signatures_at(set, i);
        lint_texts(&linter);
        if (linter.signature->pattern[0] != '\0')
            status = lint_pattern(&linter, error);
    }
    if (status == SILT_OK && linter.is_stopped)
        return silt_error_set(error, SILT_ERR_CANCELLED, "stopped");
    return status;
}
