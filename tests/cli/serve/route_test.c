/*
 * route_test.c: paths and methods that are not there; who is asked for what.
 */
#include "serve/route.h"
#include "serve/settings.h"

#include <criterion/criterion.h>
#include <string.h>

static char *tokens[] = {"first-token-0123456789", NULL};
static const struct silt_settings settings = {.tokens = {tokens, 1}};
static const struct silt_context context = {.settings = &settings};

static unsigned ask(const char *method, const char *path, const char *header)
{
    const struct silt_request request = {.method = method, .path = path};
    struct silt_response response = {.status = 200};
    silt_route_serve(&context, &request, &response);
    unsigned status = response.status;
    for (size_t i = 0; header != NULL && i < response.header_count; i++)
        if (strcmp(response.headers[i].name, header) == 0)
            header = NULL;
    cr_expect_null(header, "%s %s: no header %s", method, path, header);
    silt_response_clear(&response);
    return status;
}

Test(route, what_is_not_there)
{
    static const char *const paths[] = {"/nothing",  "//",      "",         "/healthz/",    "/healthz/x",
                                        "/healthzz", "/hooks/", "/hooks//", "/hooks/a/b/c", "/api/v1"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        cr_expect_eq(ask("GET", paths[i], NULL), 404, "%s", paths[i]);
    char longest[5000];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    memcpy(longest, "/hooks/", 7);
    cr_expect_eq(ask("POST", longest, NULL), 404);
}

Test(route, methods)
{
    cr_expect_eq(ask("GET", "/healthz", NULL), 200);
    cr_expect_eq(ask("POST", "/healthz", "Allow"), 405);
    cr_expect_eq(ask("GET", "/hooks/generic", "Allow"), 405);
    cr_expect_eq(ask("DELETE", "/metrics", "Allow"), 405);
}

Test(route, nobody_gets_in_without_a_token)
{
    cr_expect_eq(ask("GET", "/metrics", "WWW-Authenticate"), 401);
    cr_expect_eq(ask("POST", "/hooks/generic", NULL), 401);
    cr_expect_eq(ask("POST", "/hooks/unheard-of", NULL), 404);
}
