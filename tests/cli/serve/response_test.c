/*
 * response_test.c: answers that grow, and headers that cannot be split.
 */
#include "serve/response.h"

#include <criterion/criterion.h>
#include <string.h>

Test(response, grows)
{
    struct silt_response response = {.status = 200};
    for (int i = 0; i < 5000; i++)
        silt_response_print(&response, "%04d", i);
    silt_response_put(&response, "\0x", 2);
    silt_response_text(&response, "end");
    cr_assert_not(response.has_failed);
    cr_expect_eq(response.size, 20005);
    cr_expect_eq(memcmp(response.body + 19996, "4999\0xend", 10), 0);
    silt_response_clear(&response);
    cr_expect_null(response.body);
}

Test(response, a_header_ends_with_its_line)
{
    struct silt_response response = {.status = 200};
    silt_response_set(&response, "Location", "/a\r\nSet-Cookie: x=y");
    silt_response_set(&response, "location", "/b\nX: y");
    cr_expect_eq(response.header_count, 1);
    cr_expect_str_eq(response.headers[0].value, "/b");
    for (int i = 0; i < SILT_RESPONSE_MOST_HEADERS; i++) {
        char name[8];
        snprintf(name, sizeof name, "X-%d", i);
        silt_response_set(&response, name, "y");
    }
    cr_expect(response.has_failed, "one header too many is not sent without it");
    silt_response_clear(&response);
}

Test(response, plain_replaces)
{
    struct silt_response response = {.status = 200};
    silt_response_text(&response, "half of a page");
    silt_response_plain(&response, 404, "no %s", "such");
    cr_expect_eq(response.status, 404);
    cr_expect_str_eq(response.body, "no such\n");
    silt_response_json(&response, 200, json_pack("{s:s}", "a", "\xc3\xa9"));
    cr_expect_str_eq(response.body, "{\"a\":\"\\u00E9\"}\n");
    silt_response_redirect(&response, "/login");
    cr_expect_eq(response.status, 303);
    silt_response_json(&response, 200, NULL);
    cr_expect(response.has_failed);
    silt_response_clear(&response);
}
