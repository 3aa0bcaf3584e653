/*
 * score_test.c: random tokens of every alphabet score high, words and names low.
 */
#include "confirm/score.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static double score(const char *text)
{
    return silt_score(silt_span_text(text));
}

Test(score, is_low_for_words_and_names)
{
    static const char *const names[] = {
        "password",
        "configuration",
        "getUserAccountById",
        "usr/share/doc/packages",
        "application_properties",
        "HttpServletRequest",
        "MAX_CONNECTION_COUNT",
        "node_modules/lodash/index.js",
        "internationalization",
        "com.example.service.UserRepository",
        "TheQuickBrownFoxJumps",
        "database-connection-string",
        "my-secret-token",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_expect_lt(score(names[i]), 0.4, "%s: %f", names[i], score(names[i]));
}

/* One in a hundred may fall short; a seed is fixed, so that this is no game of chance. */
static void expect_random_high(const char *alphabet, size_t size, int allowed)
{
    enum { ROUNDS = 1000 };
    unsigned state = 7;
    char token[128];
    int low = 0;
    for (int i = 0; i < ROUNDS; i++) {
        for (size_t k = 0; k < size; k++)
            token[k] = alphabet[(size_t)rand_r(&state) % strlen(alphabet)];
        low += silt_score(silt_span_of(token, size)) <= 0.8;
    }
    cr_expect_leq(low, allowed, "%zu of %s: %d are low", size, alphabet, low);
}

Test(score, is_high_for_random_tokens)
{
    static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    expect_random_high("0123456789abcdef", 32, 10);
    expect_random_high("0123456789abcdef", 64, 1);
    expect_random_high("0123456789ABCDEF", 40, 5);
    expect_random_high("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32, 10);
    expect_random_high("0123456789abcdefghijklmnopqrstuvwxyz", 32, 5);
    expect_random_high(base62, 20, 15);
    expect_random_high(base62, 36, 1);
    expect_random_high("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 40, 1);
    expect_random_high("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 43, 1);
}

Test(score, is_low_for_what_only_looks_long)
{
    cr_expect_lt(score("aaaaaaaaaaaaaaaaaaaaaaaa"), 0.1);
    cr_expect_lt(score("0123456789abcdef0123456789abcdef"), 0.2);
    cr_expect_lt(score("11111111-2222-3333-4444-555555555555"), 0.2);
    cr_expect_lt(score("abababababababababababab"), 0.2);
    cr_expect_eq(score(""), 0);
    cr_expect_eq(score("x7Q"), 0);
}

Test(score, looks_behind_a_prefix)
{
    cr_expect_gt(score("api-CB01D24D5577A89102E22901C2C36060"), 0.8);
    cr_expect_gt(score("secret_token_k9Qw3ZrT7uXm2LpV8sNdY4cBf6HjG1"), 0.8);
    cr_expect_lt(score("api-internationalizationsettings"), 0.4);
}

Test(score, judges_uuids_by_their_version)
{
    cr_expect_gt(score("6fa459ea-ee8a-4ca4-894e-db77e160355e"), 0.8);
    cr_expect_leq(score("6fa459ea-ee8a-1ca4-894e-db77e160355e"), 0.5, "a clock is not random");
}

Test(score, stays_between_0_and_1_for_any_bytes)
{
    unsigned state = 3;
    uint8_t bytes[700];
    for (int i = 0; i < 2000; i++) {
        size_t size = (size_t)rand_r(&state) % sizeof bytes;
        for (size_t k = 0; k < size; k++)
            bytes[k] = (uint8_t)(rand_r(&state) >> (i % 3 == 0 ? 12 : 4));
        double value = silt_score(silt_span_of(bytes, size));
        cr_assert(value >= 0 && value <= 1);
    }
}
