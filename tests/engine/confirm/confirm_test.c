/*
 * confirm_test.c: one candidate at a time through the whole judgement.
 */
#include "trial.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define RANDOM_BODY "k9Qw3ZrT7uXm2LpV8sNd"

Test(confirm, finds_the_exact_span)
{
    struct silt_signature signature = trial_signature("key=([0-9A-Za-z]{20})\\b");
    struct silt_match match;
    cr_assert_eq(trial_text(&signature, "a key=" RANDOM_BODY ";", &match), SILT_OK);
    cr_expect_eq(match.match_start, 2);
    cr_expect_eq(match.match_end, 26);
    cr_expect_eq(match.secret_start, 6);
    cr_expect_eq(match.secret_end, 26);
    cr_expect_gt(match.score, 0.8);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_MEDIUM);
    cr_expect_eq(match.severity, SILT_HIGH);
    cr_expect_eq(match.validation, SILT_VALIDATION_NONE);
    cr_expect_str_eq(match.detail, "");
}

Test(confirm, takes_the_named_group_or_the_whole_match)
{
    struct silt_match match;
    struct silt_signature named = trial_signature("(key)=(?<secret>[0-9A-Za-z]{20})");
    cr_assert_eq(trial_text(&named, "key=" RANDOM_BODY, &match), SILT_OK);
    cr_expect_eq(match.secret_start, 4);
    struct silt_signature bare = trial_signature("tok_[0-9A-Za-z]{20}");
    cr_assert_eq(trial_text(&bare, " tok_" RANDOM_BODY, &match), SILT_OK);
    cr_expect_eq(match.secret_start, 1);
    cr_expect_eq(match.secret_end, 25);
    struct silt_signature unset = trial_signature("(?:x=([0-9]{4}))?tok_[0-9A-Za-z]{20}");
    cr_assert_eq(trial_text(&unset, " tok_" RANDOM_BODY, &match), SILT_OK);
    cr_expect_eq(match.secret_start, 1, "the group took no part");
}

/* The JIT must honour the offset limit: a match begins in [start, end), wherever it ends. */
Test(confirm, asks_only_for_matches_that_begin_in_the_range)
{
    struct silt_signature signature = trial_signature("tok_[0-9A-Za-z]{20}");
    const char *text = "..tok_" RANDOM_BODY "....tok_" RANDOM_BODY "..";
    struct silt_match match;
    for (size_t start = 0; start < strlen(text); start++)
        for (size_t end = start; end <= strlen(text); end++) {
            struct silt_question question = trial_question(text);
            question.start = start;
            question.end = end;
            bool first = start <= 2 && 2 < end, second = start <= 30 && 30 < end;
            enum silt_status status = trial_judge(&signature, question, &match, NULL);
            cr_assert_eq(status, first || second ? SILT_OK : SILT_END, "[%zu, %zu)", start, end);
            if (status == SILT_OK)
                cr_assert_eq(match.match_start, first ? 2 : 30);
        }
}

Test(confirm, sees_what_stands_before_the_range)
{
    struct silt_signature signature = trial_signature("(?<![a-z])tok_[0-9A-Za-z]{20}");
    struct silt_question question = trial_question("xtok_" RANDOM_BODY);
    struct silt_match match;
    question.start = 1;
    cr_expect_eq(trial_judge(&signature, question, &match, NULL), SILT_END);
}

Test(confirm, knows_where_the_content_begins_and_ends)
{
    struct silt_signature first = trial_signature("^tok_[0-9A-Za-z]{20}"),
                          last = trial_signature("tok_[0-9A-Za-z]{20}$");
    struct silt_question question = trial_question("tok_" RANDOM_BODY);
    struct silt_match match;
    cr_expect_eq(trial_judge(&first, question, &match, NULL), SILT_OK);
    cr_expect_eq(trial_judge(&last, question, &match, NULL), SILT_OK);
    question.is_first = question.is_last = false;
    cr_expect_eq(trial_judge(&first, question, &match, NULL), SILT_END);
    cr_expect_eq(trial_judge(&last, question, &match, NULL), SILT_END);
}

Test(confirm, passes_over_matches_that_fall)
{
    struct silt_signature signature = trial_signature("tok_([0-9A-Za-z]{20})");
    struct silt_match match;
    cr_assert_eq(trial_text(&signature, "tok_xxxxxxxxxxxxxxxxxxxx tok_" RANDOM_BODY, &match), SILT_OK);
    cr_expect_eq(match.match_start, 25);
    cr_expect_eq(trial_text(&signature, "tok_xxxxxxxxxxxxxxxxxxxx", &match), SILT_END);
}

Test(confirm, minds_path_keywords_allow_and_score)
{
    static const char *const keywords[] = {"acme", NULL};
    static const char *const allow[] = {"^k9Qw", NULL};
    struct silt_match match;
    struct silt_signature signature = trial_signature("tok_([0-9A-Za-z]{20})");
    signature.path = "*.env";
    cr_expect_eq(trial_text(&signature, "tok_" RANDOM_BODY, &match), SILT_END, "another path");
    signature.path = "*.conf";
    cr_expect_eq(trial_text(&signature, "tok_" RANDOM_BODY, &match), SILT_OK);
    signature.keywords = keywords;
    cr_expect_eq(trial_text(&signature, "tok_" RANDOM_BODY, &match), SILT_END, "no keyword");
    cr_expect_eq(trial_text(&signature, "ACME tok_" RANDOM_BODY, &match), SILT_OK);
    signature.within = 4;
    cr_expect_eq(trial_text(&signature, "ACME     tok_" RANDOM_BODY, &match), SILT_END, "too far");
    signature.keywords = trial_none;
    signature.allow = allow;
    cr_expect_eq(trial_text(&signature, "tok_" RANDOM_BODY, &match), SILT_END, "allowed");
    cr_expect_eq(trial_text(&signature, "tok_a" RANDOM_BODY, &match), SILT_OK, "anchored to the secret");
    signature.allow = trial_none;
    signature.min_score = 0.6;
    cr_expect_eq(trial_text(&signature, "tok_configurationmanager", &match), SILT_END, "a word");
    cr_expect_eq(trial_text(&signature, "tok_" RANDOM_BODY, &match), SILT_OK);
}

Test(confirm, matches_bytes_not_characters)
{
    struct silt_signature signature = trial_signature("(?:\\xff|\xc3\xa9)tok_[0-9A-Za-z]{20}");
    struct silt_match match;
    cr_expect_eq(trial_text(&signature, "\xfe\xfftok_" RANDOM_BODY, &match), SILT_OK);
    cr_expect_eq(trial_text(&signature, "\xc3\xa9tok_" RANDOM_BODY, &match), SILT_OK);
    signature.pattern = "(*UTF)tok_[0-9]{4}";
    cr_expect_eq(trial_text(&signature, "tok_1357", &match), SILT_ERR_USAGE);
}

static double milliseconds_since(const struct timespec *begin)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begin->tv_sec) * 1e3 + (double)(now.tv_nsec - begin->tv_nsec) / 1e6;
}

/* Patterns that explode on the text made for them end at the limit, soon, and the candidate is not lost. */
Test(confirm, ends_hostile_work_at_the_limit)
{
    static const char *const patterns[] = {"(?:a+)+b", "(?:a|aa)+b",    "(?:a*)*b",  "(?:a?){30}a{30}b",
                                           "(a|a)*b",  "(?:(?:a+)+)+b", "(?:a+a+)+b"};
    char text[4096];
    memset(text, 'a', sizeof text - 1);
    memcpy(text + sizeof text - 3, "cb", 3); /* else PCRE2 sees at once that there is no b */
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct silt_signature signature = trial_signature(patterns[i]);
        struct silt_question question = trial_question(text);
        struct silt_match match;
        struct timespec begin;
        question.bytes.data = (const uint8_t *)text;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        enum silt_status status = trial_judge(&signature, question, &match, NULL);
        double spent = milliseconds_since(&begin);
        cr_expect_eq(status, SILT_ERR_LIMIT, "%s: %d", patterns[i], status);
        cr_expect_lt(spent, 500, "%s took %f ms", patterns[i],
                     spent); /* sanitizers and a busy machine included */
        if (status != SILT_ERR_LIMIT)
            continue;
        cr_expect_eq(match.confidence, SILT_CONFIDENCE_LOW);
        cr_expect_leq(match.match_start, match.match_end);
        cr_expect_eq(match.match_end, question.end);
    }
}

Test(confirm, says_limit_for_catastrophic_patterns)
{
    struct silt_signature signature = trial_signature("(?:a|a)+b");
    char text[3000];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    strcat(strcpy(text + sizeof text - 3, "c"), "b");
    struct silt_match match;
    struct silt_error error = {0};
    cr_expect_eq(trial_judge(&signature, trial_question(text), &match, &error), SILT_ERR_LIMIT);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_LOW);
    cr_expect_eq(match.severity, SILT_HIGH);
    cr_expect_neq(match.detail[0], '\0');
}

Test(confirm, refuses_questions_outside_of_their_window)
{
    struct silt_signature signature = trial_signature("tok");
    struct silt_question question = trial_question("tok");
    struct silt_match match;
    question.end = 4;
    cr_expect_eq(trial_judge(&signature, question, &match, NULL), SILT_ERR_USAGE);
    question.end = 3;
    question.signature = 1;
    cr_expect_eq(trial_judge(&signature, question, &match, NULL), SILT_ERR_USAGE);
}

static struct silt_match confirm_file(const struct silt_signature *signature, const char *path,
                                      struct silt_span head, enum silt_status *status)
{
    struct silt_signatures *set = trial_set(signature);
    struct silt_judge *judge;
    struct silt_confirmer *confirmer;
    struct silt_match match = {0};
    size_t index = 0;
    cr_assert_eq(silt_judge_new(set, &judge, NULL), SILT_OK);
    cr_assert_eq(silt_confirmer_new(judge, &confirmer, NULL), SILT_OK);
    *status = silt_confirm_file(confirmer, &index, silt_span_text(path), head, &match, NULL);
    struct silt_match second;
    if (*status == SILT_OK)
        cr_expect_eq(silt_confirm_file(confirmer, &index, silt_span_text(path), head, &second, NULL),
                     SILT_END);
    silt_confirmer_free(confirmer);
    silt_judge_free(judge);
    silt_signatures_free(set);
    return match;
}

Test(confirm, knows_files_by_name_and_beginning)
{
    static const char *const validators[] = {"keepass", NULL};
    static const uint8_t keepass[] = {0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5, 1, 0, 4, 0};
    struct silt_signature signature = trial_signature("");
    enum silt_status status;
    signature.path = "*.kdbx";
    signature.validators = validators;
    struct silt_match match =
        confirm_file(&signature, "home/u/a.kdbx", silt_span_of(keepass, sizeof keepass), &status);
    cr_assert_eq(status, SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_HIGH);
    cr_expect_str_eq(match.detail, "KeePass 2 database, under a password");
    cr_expect_eq(match.secret_end, sizeof keepass);
    match = confirm_file(&signature, "a.kdbx", silt_span_text("no such thing"), &status);
    cr_assert_eq(status, SILT_OK);
    cr_expect_eq(match.confidence, SILT_CONFIDENCE_LOW);
    cr_expect_eq(match.validation, SILT_VALIDATION_INVALID);
    match = confirm_file(&signature, "a.kdbx", silt_span_of(NULL, 0), &status);
    cr_assert_eq(status, SILT_OK);
    cr_expect_eq(match.validation, SILT_VALIDATION_NONE);
    confirm_file(&signature, "a.kdb", silt_span_of(keepass, sizeof keepass), &status);
    cr_expect_eq(status, SILT_END);
}

struct shared {
    struct silt_judge *judge;
    int found;
};

static void *confirm_often(void *argument)
{
    struct shared *shared = argument;
    struct silt_confirmer *confirmer;
    struct silt_question question = trial_question("a tok_" RANDOM_BODY);
    struct silt_match match;
    if (silt_confirmer_new(shared->judge, &confirmer, NULL) != SILT_OK)
        return NULL;
    for (int i = 0; i < 1000; i++)
        shared->found += silt_confirm(confirmer, &question, &match, NULL) == SILT_OK;
    silt_confirmer_free(confirmer);
    return NULL;
}

/* All threads compile the pattern at once; one program stays, none leaks. */
Test(confirm, shares_a_judge_between_threads)
{
    enum { THREADS = 6, ROUNDS = 20 };
    struct silt_signature signature = trial_signature("tok_[0-9A-Za-z]{20}");
    struct silt_signatures *set = trial_set(&signature);
    for (int round = 0; round < ROUNDS; round++) {
        struct shared shared[THREADS];
        pthread_t threads[THREADS];
        struct silt_judge *judge;
        cr_assert_eq(silt_judge_new(set, &judge, NULL), SILT_OK);
        for (int i = 0; i < THREADS; i++) {
            shared[i] = (struct shared){judge, 0};
            pthread_create(&threads[i], NULL, confirm_often, &shared[i]);
        }
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            cr_expect_eq(shared[i].found, 1000);
        }
        silt_judge_free(judge);
    }
    silt_signatures_free(set);
}
