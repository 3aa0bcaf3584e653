/*
 * What token servers answer, and Basic.
 */
#include "registry/token.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void check(const char *answer, enum silt_status expected, const char *token)
{
    struct silt_buffer out = {0};
    struct silt_error error = {0};
    cr_expect_eq(silt_token_parse(silt_span_text(answer), &out, &error), expected, "%s: %s", answer,
                 error.message);
    if (token != NULL)
        cr_expect_str_eq((const char *)out.data, token);
    silt_buffer_clear(&out);
}

Test(token, answers)
{
    check("{\"token\": \"a.b-c\"}", SILT_OK, "a.b-c");
    check("{\"access_token\": \"x\", \"expires_in\": 60}", SILT_OK, "x");
    check("{\"token\": \"\", \"access_token\": \"x\"}", SILT_OK, "x");
    check("{\"token\": \"a b\"}", SILT_ERR_CORRUPT, NULL);
    check("{\"token\": \"a\\r\\nX: y\"}", SILT_ERR_CORRUPT, NULL);
    check("{\"token\": \"a\\u0000b\"}", SILT_ERR_CORRUPT, NULL);
    check("{\"token\": 5}", SILT_ERR_CORRUPT, NULL);
    check("[]", SILT_ERR_CORRUPT, NULL);
    check("<html>", SILT_ERR_CORRUPT, NULL);
}

static void check_basic(const char *name, const char *secret, const char *expected)
{
    struct silt_login *login = calloc(1, sizeof *login);
    struct silt_buffer out = {0};
    strcpy(login->username, name);
    strcpy(login->secret, secret);
    cr_assert_eq(silt_token_basic(login, &out, NULL), SILT_OK);
    cr_expect_str_eq((const char *)out.data, expected);
    silt_buffer_clear(&out);
    free(login);
}

/* RFC 7617, 2, and each length of the last group of RFC 4648. */
Test(token, basic)
{
    check_basic("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    check_basic("a", "b", "Basic YTpi");
    check_basic("a", "bc", "Basic YTpiYw==");
    check_basic("a", "bcd", "Basic YTpiY2Q=");
    check_basic("", "", "Basic Og==");
}
