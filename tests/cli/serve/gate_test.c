/*
 * gate_test.c: tokens in every form that callers send them in.
 */
#include "serve/gate.h"
#include "serve/settings.h"

#include <criterion/criterion.h>
#include <stdio.h>

static char *tokens[] = {"first-token-0123456789", "second-token-0123456", NULL};
static const struct silt_settings settings = {.tokens = {tokens, 2}};
static const struct silt_context context = {.settings = &settings};

static unsigned ask(const char *name, const char *value)
{
    const struct silt_request_field header = {name, value};
    const struct silt_request request = {.method = "GET", .path = "/", .headers = {&header, 1}};
    struct silt_response response = {.status = 200};
    bool is_in = silt_gate_admits(&context, &request, SILT_ACCESS_TOKEN, &response);
    unsigned status = response.status;
    cr_expect_eq(is_in, status == 200);
    silt_response_clear(&response);
    return status;
}

Test(gate, tokens)
{
    static const struct {
        const char *name, *value;
        unsigned status;
    } rows[] = {
        {"Authorization", "Bearer first-token-0123456789", 200},
        {"authorization", "bearer second-token-0123456", 200},
        {"X-ScannerAdapter-API-Key", "second-token-0123456", 200},
        {"Authorization", "Basic YW55b25lOnNlY29uZC10b2tlbi0wMTIzNDU2",
         200},                                                            /* anyone:second-token-0123456 */
        {"Authorization", "Basic OmZpcnN0LXRva2VuLTAxMjM0NTY3ODk=", 200}, /* :first-token-0123456789 */
        {"Authorization", "Basic Zmlyc3QtdG9rZW4tMDEyMzQ1Njc4OQ==", 401}, /* no colon */
        {"Authorization", "Basic OnNlY29uZC10b2tlbi0wMTIzNDU3", 401},     /* another last letter */
        {"Authorization", "Basic !!!", 401},
        {"Authorization", "Basic ", 401},
        {"Authorization", "first-token-0123456789", 401},
        {"Authorization", "Bearer first-token-012345678", 401},
        {"Authorization", "Bearer first-token-0123456789x", 401},
        {"Authorization", "Bearer ", 401},
        {"Authorization", "Bearer", 401},
        {"X-Token", "first-token-0123456789", 401},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(ask(rows[i].name, rows[i].value), rows[i].status, "%s: %s", rows[i].name, rows[i].value);
}

Test(gate, nobody_has_a_token_where_there_is_none)
{
    const struct silt_settings none = {0};
    cr_expect_not(silt_gate_is_token(&none, ""));
    cr_expect_not(silt_gate_is_token(&none, NULL));
    cr_expect_not(silt_gate_is_token(&settings, ""));
    cr_expect_not(silt_gate_is_token(&settings, NULL));
}
