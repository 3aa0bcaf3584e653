/*
 * ruleset_lint.c: what is wrong or could be better about signatures, one by one. The full pattern against the
 * examples is `silt signatures test`; here only what the matcher needs is looked at.
 */
#include "base/error.h"
#include "base/glob.h"
#include "match/plan.h"

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

/* A companion is an id, or a glob of ids. */
static bool has_companion(const struct linter *linter)
{
    for (size_t i = 0; i < silt_signatures_count(linter->set); i++)
        if (silt_glob_match(linter->signature->companion,
                            silt_span_text(silt_signatures_at(linter->set, i)->id)))
            return true;
    return false;
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
    if (signature->companion[0] != '\0' && !has_companion(linter))
        tell(linter, true, "there is no signature %s, its companion", signature->companion);
}

/* Hits per MB of text above which an author should know. */
enum { RATE_DEAR = 1000 };

static void lint_anchors(struct linter *linter, const struct silt_plan_part *part)
{
    if (part->scope == SILT_SCOPE_PATTERNS)
        tell(linter, false,
             "the pattern has no few fixed texts that every match holds, and is looked for as a "
             "whole, which is slow; give a \"prefilter\" that has");
    else if (part->anchors.rate > RATE_DEAR)
        tell(linter, false,
             "every match holds nothing rarer than what may stand %.0f times in a MB of text; "
             "longer fixed texts are faster",
             part->anchors.rate);
}

static bool same(uint8_t a, uint8_t b, bool is_caseless)
{
    bool is_upper = b >= 'A' && b <= 'Z';
    return a == b || (is_caseless && is_upper && a == (b | 0x20));
}

static bool stands_at(const struct silt_anchor *anchor, const char *text)
{
    for (unsigned i = 0; i < anchor->size; i++)
        if (text[i] == '\0' || !same(anchor->bytes[i], (uint8_t)text[i], anchor->is_caseless))
            return false;
    return true;
}

static bool holds_anchor(const struct silt_anchors *anchors, const char *text)
{
    for (; *text != '\0'; text++)
        for (size_t i = 0; i < anchors->items.count; i++)
            if (stands_at(silt_array_at(&anchors->items, i), text))
                return true;
    return false;
}

static void lint_examples(struct linter *linter, const struct silt_anchors *anchors)
{
    const char *const *examples = linter->signature->examples_match;
    for (size_t i = 0; examples[i] != NULL; i++)
        if (!holds_anchor(anchors, examples[i]))
            tell(linter, true, "the prefilter finds nothing in matching example %zu", i + 1);
}

static enum silt_status lint_compiled(struct linter *linter, const char *pattern, struct silt_error *error)
{
    struct silt_expression expression = {pattern, strlen(pattern), HS_FLAG_PREFILTER, 0};
    struct silt_array one = {.items = &expression, .count = 1, .item_size = sizeof expression};
    hs_database_t *database = NULL;
    struct silt_error problem = {0};
    int culprit;
    enum silt_status status =
        silt_database_compile(&one, false, SILT_LEVEL_V2, &database, &culprit, &problem);
    hs_free_database(database);
    if (status == SILT_ERR_USAGE)
        tell(linter, true, "%s: %.200s", problem.message, pattern);
    return status == SILT_OK || status == SILT_ERR_USAGE ? SILT_OK : silt_error_memory(error);
}

static enum silt_status lint_pattern(struct linter *linter, struct silt_error *error)
{
    struct silt_plan_part part;
    struct silt_error problem = {0};
    enum silt_status status = silt_plan_signature(linter->signature, &part, &problem);
    if (status == SILT_ERR_USAGE) {
        tell(linter, true, "%s", problem.message);
        status = SILT_OK;
    } else if (status == SILT_OK) {
        lint_anchors(linter, &part);
        if (part.scope == SILT_SCOPE_PATTERNS)
            status = lint_compiled(linter, part.expression, error);
        else
            lint_examples(linter, &part.anchors);
    } else {
        status = silt_error_memory(error);
    }
    silt_plan_clear_part(&part);
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
