/*
 * verdict_test.c: the rules that make confidence, severity and nothing out of what was seen.
 */
#include "trial.h"

/* Bodies are made up; checksums are right unless said. */
#define GOOD_TOKEN                                                                                           \
    "gh"                                                                                                     \
    "p_0000000000000000"                                                                                     \
    "00000000000000"                                                                                         \
    "2C8GjS"
#define TEST_PATTERN "((?:gh)p_[0-9A-Za-z]{36})"

static struct silt_signature github(const char *const *validators)
{
    struct silt_signature signature = trial_signature(TEST_PATTERN);
    signature.validators = validators;
    return signature;
}

Test(verdict, a_checksum_overrules_every_filter_of_noise)
{
    static const char *const validators[] = {"github-crc32", NULL};
    struct silt_signature signature = github(validators);
    struct silt_match match;
    signature.min_score = 0.9;
    cr_assert_eq(trial_text(&signature, GOOD_TOKEN, &match), SILT_OK, "thirty zeros, but a right checksum");
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_HIGH);
    cr_expect_eq(match.validation, SILT_VALIDATION_VALID);
    cr_expect_str_eq(match.detail, "checksum good");
    signature.validators = trial_none;
    cr_expect_eq(trial_text(&signature, GOOD_TOKEN, &match), SILT_END,
                 "without the check it is a placeholder");
}

Test(verdict, a_bad_checksum_lowers_and_never_drops)
{
    static const char *const validators[] = {"github-crc32", NULL};
    struct silt_signature signature = github(validators);
    struct silt_match match;
    const char *text = "gh"
                       "p_k9Qw3ZrT7uXm2LpV8sNdY4cBf6HjG1aeOi5R";
    signature.confidence = SILT_CONFIDENCE_HIGH;
    cr_assert_eq(trial_text(&signature, text, &match), SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_MEDIUM);
    cr_expect_eq(match.validation, SILT_VALIDATION_INVALID);
    signature.confidence = SILT_CONFIDENCE_LOW;
    cr_assert_eq(trial_text(&signature, text, &match), SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_LOW, "there is nothing below low");
}

Test(verdict, a_shape_alone_raises_nothing)
{
    static const char *const validators[] = {"hex", NULL};
    struct silt_signature signature = trial_signature("[0-9a-f]{32}");
    struct silt_match match;
    signature.validators = validators;
    signature.confidence = SILT_CONFIDENCE_LOW;
    cr_assert_eq(trial_text(&signature, "8f14e45fceea167a5a36dedd4bea2543", &match), SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_LOW);
    cr_expect_eq(match.validation, SILT_VALIDATION_VALID);
}

Test(verdict, structure_raises)
{
    static const char *const validators[] = {"jwt", NULL};
    struct silt_signature signature = trial_signature("eyJ[\\w.-]+");
    struct silt_match match;
    signature.validators = validators;
    signature.confidence = SILT_CONFIDENCE_LOW;
    cr_assert_eq(trial_text(&signature,
                            "eyJhbGciOiJIUzI1NiJ9"
                            ".eyJhIjoxfQ"
                            ".k9Qw3ZrT7uXm2LpV8s",
                            &match),
                 SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_HIGH);
}

Test(verdict, of_several_checks_one_failure_counts_unless_a_checksum_passes)
{
    static const char *const mixed[] = {"hex", "github-crc32", NULL}, *const failing[] = {"hex", "base64",
                                                                                          NULL};
    struct silt_signature signature = github(mixed);
    struct silt_match match;
    cr_assert_eq(trial_text(&signature, GOOD_TOKEN, &match), SILT_OK);
    cr_expect_eq(match.validation, SILT_VALIDATION_VALID);
    struct silt_signature other = trial_signature("[0-9A-Za-z]{20}");
    other.validators = failing;
    cr_assert_eq(trial_text(&other, "k9Qw3ZrT7uXm2LpV8sNd", &match), SILT_OK);
    cr_expect_eq(match.validation, SILT_VALIDATION_INVALID);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_LOW);
}

Test(verdict, a_local_host_lowers)
{
    static const char *const validators[] = {"uri-password", NULL};
    struct silt_signature signature = trial_signature("db://[a-z]+:([^@]{3,40})@");
    struct silt_match match;
    signature.validators = validators;
    cr_assert_eq(trial_text(&signature, "db://app:k9Qw3ZrT7u@db.acme.io/x", &match), SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_MEDIUM);
    cr_expect_str_eq(match.detail, "password for host db.acme.io");
    cr_assert_eq(trial_text(&signature, "db://app:k9Qw3ZrT7u@localhost:5432/x", &match), SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_LOW);
}

/* One alternative of the pattern holds the empty group "weak". */
#define TWO_WAYS "vendor(?:_key=|(?<weak>)[^\\0]{1,20}?)(?<secret>[0-9a-f]{32})(?![0-9A-Za-z])"

Test(verdict, a_weak_alternative_is_low)
{
    struct silt_signature signature = trial_signature(TWO_WAYS);
    struct silt_match match;
    cr_assert_eq(trial_text(&signature, "vendor_key=8f14e45fceea167a5a36dedd4bea2543", &match), SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_MEDIUM, "the group took no part");
    cr_assert_eq(trial_text(&signature, "vendor('8f14e45fceea167a5a36dedd4bea2543')", &match), SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_LOW);
    cr_expect_eq(match.secret_start, 8);
    cr_expect_eq(match.secret_end, 40);
}

Test(verdict, a_check_that_passes_overrules_a_weak_alternative)
{
    static const char *const validators[] = {"github-crc32", NULL};
    struct silt_signature signature = trial_signature("(?<weak>)(?<secret>(?:gh)p_[0-9A-Za-z]{36})");
    struct silt_match match;
    signature.validators = validators;
    cr_assert_eq(trial_text(&signature, GOOD_TOKEN, &match), SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_HIGH);
}
