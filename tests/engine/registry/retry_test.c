/*
 * Retry-After in both its forms, and how often and how long is waited.
 */
#include "registry/retry.h"

#include <criterion/criterion.h>

static uint64_t after(const char *value, time_t now)
{
    return silt_retry_parse_after(silt_span_text(value), now);
}

Test(retry, after)
{
    cr_expect_eq(after("3", 0), 3000);
    cr_expect_eq(after("0", 0), 0);
    cr_expect_eq(after("", 0), 0);
    cr_expect_eq(after("soon", 0), 0);
    cr_expect_eq(after("-5", 0), 0);
    cr_expect_eq(after("99999999999999999999", 0), 0);
    cr_expect_eq(after("Fri, 31 Dec 1999 23:59:59 GMT", 946684799 - 10), 10000);
    cr_expect_eq(after("Fri, 31 Dec 1999 23:59:59 GMT", 946684799 + 10), 0);
}

Test(retry, codes)
{
    for (unsigned code = 200; code < 600; code++) {
        bool expected = code == 408 || code == 429 || (code >= 500 && code <= 504 && code != 501);
        cr_expect_eq(silt_retry_is_worth(code), expected, "%u", code);
    }
}

struct asked {
    int count, most;
};

static bool goes_on(void *context)
{
    struct asked *asked = context;
    return ++asked->count <= asked->most;
}

Test(retry, waiting)
{
    struct silt_registry_options options;
    struct silt_client *client;
    struct asked asked = {0, 1000000};
    const struct silt_patience patience = {goes_on, &asked};
    struct silt_retry retry = {0};
    silt_registry_options_init(&options);
    cr_assert_eq(silt_client_new(&options, &patience, &client, NULL), SILT_OK);
    cr_expect_eq(silt_retry_wait(&retry, client, 1, NULL), SILT_OK);
    cr_expect_eq(silt_retry_wait(&retry, client, 61 * 1000, NULL), SILT_ERR_LIMIT);
    cr_expect_eq(silt_retry_wait(&retry, client, 1, NULL), SILT_OK);
    cr_expect_eq(silt_retry_wait(&retry, client, 1, NULL), SILT_OK);
    cr_expect_eq(silt_retry_wait(&retry, client, 1, NULL), SILT_ERR_LIMIT);
    retry.failures = 0;
    asked = (struct asked){0, 3};
    cr_expect_eq(silt_retry_wait(&retry, client, 60 * 1000, NULL), SILT_ERR_CANCELLED);
    silt_client_free(client);
}
