/*
 * judge_test.c: what a signature may ask for, and when it learns that it asks too much.
 */
#include "trial.h"

Test(judge, refuses_validators_that_are_not_there)
{
    static const char *const validators[] = {"jwt", "luhn", NULL};
    struct silt_signature signature = trial_signature("x");
    struct silt_judge *judge = NULL;
    struct silt_error error = {0};
    signature.validators = validators;
    struct silt_signatures *set = trial_set(&signature);
    cr_assert_eq(silt_judge_new(set, &judge, &error), SILT_ERR_USAGE);
    cr_expect_not_null(strstr(error.message, "test.json: test.one"), "%s", error.message);
    cr_expect_not_null(strstr(error.message, "luhn"), "%s", error.message);
    silt_signatures_free(set);
}

Test(judge, compiles_patterns_on_demand)
{
    struct silt_signature signature = trial_signature("a(b");
    struct silt_judge *judge = NULL;
    struct silt_error error = {0};
    struct silt_match match;
    struct silt_signatures *set = trial_set(&signature);
    cr_assert_eq(silt_judge_new(set, &judge, NULL), SILT_OK);
    cr_expect_eq(silt_judge_compile(judge, 0, &error), SILT_ERR_USAGE);
    cr_expect_not_null(strstr(error.message, "test.json: test.one"), "%s", error.message);
    cr_expect_not_null(strstr(error.message, "a(b"), "%s", error.message);
    cr_expect_eq(silt_judge_compile(judge, 1, NULL), SILT_END);
    silt_judge_free(judge);
    silt_signatures_free(set);
    cr_expect_eq(trial_text(&signature, "ab", &match), SILT_ERR_USAGE);
}

Test(judge, compiles_allow_patterns_too)
{
    static const char *const allow[] = {"fine", "[", NULL};
    struct silt_signature signature = trial_signature("ab");
    struct silt_match match;
    signature.allow = allow;
    cr_expect_eq(trial_text(&signature, "ab", &match), SILT_ERR_USAGE);
}

Test(judge, of_an_empty_set)
{
    struct silt_signatures *set;
    struct silt_judge *judge;
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    cr_assert_eq(silt_judge_new(set, &judge, NULL), SILT_OK);
    cr_expect_eq(silt_judge_compile(judge, 0, NULL), SILT_END);
    silt_judge_free(judge);
    silt_signatures_free(set);
}
