/*
 * request_test.c: looking things up in a request.
 */
#include "serve/request.h"

#include <criterion/criterion.h>

static const struct silt_request_field headers[] = {
    {"content-TYPE", "Application/JSON ; charset=utf-8"},
    {"Authorization", "bearer  one two"},
    {"X-Twice", "first"},
    {"x-twice", "second"},
};
static const struct silt_request_field query[] = {
    {"page", "7"}, {"big", "1000"}, {"no", "7x"}, {"minus", "-1"}, {"huge", "99999999999999999999"},
    {"none", ""}};
static const struct silt_request request = {.headers = {headers, 4}, .query = {query, 6}};

Test(request, headers_without_case)
{
    cr_expect_str_eq(silt_request_header(&request, "X-TWICE"), "first");
    cr_expect_null(silt_request_header(&request, "X-Twic"));
    cr_expect(silt_request_is_type(&request, "application/json"));
    cr_expect_not(silt_request_is_type(&request, "application/js"));
    cr_expect_not(silt_request_is_type(&request, "application/json5"));
    cr_expect_str_eq(silt_request_bearer(&request), "one two");
}

Test(request, query_numbers)
{
    unsigned number = 5;
    cr_expect(silt_request_query_number(&request, "page", 100, 1, &number) && number == 7);
    cr_expect(silt_request_query_number(&request, "absent", 100, 3, &number) && number == 3);
    cr_expect(silt_request_query_number(&request, "big", 1000, 3, &number) && number == 1000);
    static const char *const bad[] = {"no", "minus", "huge", "none"};
    for (size_t i = 0; i < 4; i++)
        cr_expect_not(silt_request_query_number(&request, bad[i], 1000, 1, &number), "%s", bad[i]);
    cr_expect_not(silt_request_query_number(&request, "big", 999, 1, &number));
    cr_expect_eq(number, 1000);
    cr_expect_null(silt_request_query(&request, "PAGE"), "case counts");
}

Test(request, nothing_is_there)
{
    const struct silt_request empty = {0};
    cr_expect_null(silt_request_header(&empty, "Host"));
    cr_expect_null(silt_request_bearer(&empty));
    cr_expect_null(silt_request_cookie(&empty, "a"));
    cr_expect_null(silt_request_form(&empty, "a"));
    cr_expect_null(silt_request_parameter(&empty, "a"));
    cr_expect_not(silt_request_is_type(&empty, "text/plain"));
}
