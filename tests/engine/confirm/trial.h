/*
 * trial.h: what the tests of confirm share: sets of signatures made by hand, and checks run by name.
 */
#ifndef TESTS_CONFIRM_TRIAL_H
#define TESTS_CONFIRM_TRIAL_H

#include "confirm/check.h"
#include "confirm/confirm.h"
#include "signature/set.h"

#include <criterion/criterion.h>

static const char *const trial_none[] = {NULL};

/* A signature with every field set to "absent"; the caller fills in what it tests. */
static inline struct silt_signature trial_signature(const char *pattern)
{
    return (struct silt_signature){
        .id = "test.one",
        .name = "",
        .provider = "",
        .severity = SILT_HIGH,
        .confidence = SILT_CONFIDENCE_MEDIUM,
        .pattern = pattern,
        .prefilter = "",
        .path = "",
        .keywords = trial_none,
        .within = 64,
        .validators = trial_none,
        .companion = "",
        .allow = trial_none,
        .description = "",
        .remediation = "",
        .references = trial_none,
        .examples_match = trial_none,
        .examples_no_match = trial_none,
        .file = "test.json",
    };
}

/* A set of one signature. */
static inline struct silt_signatures *trial_set(const struct silt_signature *signature)
{
    struct silt_signatures *set;
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    struct silt_signature *item = silt_array_put(&set->items);
    cr_assert_not_null(item);
    *item = *signature;
    return set;
}

/* Judges a text that is a whole file against one signature. */
static inline enum silt_status trial_judge(const struct silt_signature *signature,
                                           struct silt_question question, struct silt_match *out,
                                           struct silt_error *error)
{
    struct silt_signatures *set = trial_set(signature);
    struct silt_judge *judge = NULL;
    struct silt_confirmer *confirmer = NULL;
    enum silt_status status = silt_judge_new(set, &judge, error);
    if (status == SILT_OK)
        status = silt_confirmer_new(judge, &confirmer, error);
    if (status == SILT_OK)
        status = silt_confirm(confirmer, &question, out, error);
    silt_confirmer_free(confirmer);
    silt_judge_free(judge);
    silt_signatures_free(set);
    return status;
}

static inline struct silt_question trial_question(const char *text)
{
    struct silt_span bytes = silt_span_text(text);
    return (struct silt_question){.bytes = bytes,
                                  .end = bytes.size,
                                  .path = silt_span_text("etc/app.conf"),
                                  .is_first = true,
                                  .is_last = true};
}

static inline enum silt_status trial_text(const struct silt_signature *signature, const char *text,
                                          struct silt_match *out)
{
    return trial_judge(signature, trial_question(text), out, NULL);
}

/* Runs one check on a value from memory of its exact size, so that ASan sees a read behind it. */
static inline struct silt_ruling trial_check(const char *name, const void *data, size_t size)
{
    const struct silt_check *check = silt_check_find(name);
    cr_assert_not_null(check, "%s", name);
    uint8_t *copy = malloc(size + (size == 0));
    memcpy(copy, data, size);
    struct silt_claim claim = {.secret = silt_span_of(copy, size)};
    struct silt_ruling ruling = {.validation = SILT_VALIDATION_NONE};
    check->run(&claim, &ruling);
    free(copy);
    return ruling;
}

static inline struct silt_ruling trial_check_text(const char *name, const char *text)
{
    return trial_check(name, text, strlen(text));
}

/* Another character of the same kind, so that only the checksum can tell. */
static inline char trial_other(char c)
{
    if (c == '9' || c == 'z' || c == 'Z' || c == 'f' || c == 'F')
        return (char)(c - 1);
    return c >= '0' && c < 'z' && c != '=' && c != '_' ? (char)(c + 1) : 'a';
}

#endif
