/*
 * visit_test.c: sessions hold for their time and their token, and a form only for its session.
 */
#include "serve/visit.h"

#include "serve/settings.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static char first[] = "token-number-one-0001", second[] = "token-number-two-0002";
static char *tokens[] = {first, second, NULL};
static struct silt_settings settings = {.tokens = {tokens, 2}};
static int64_t seconds = 1000000;

static int64_t now(void)
{
    return seconds;
}

static const struct silt_context context = {.settings = &settings, .now = now};

/* Logs in, and takes the cookie for a request. */
static void visit(const char *token, bool is_secure, char value[512], struct silt_request_field *cookie)
{
    const struct silt_request request = {.is_secure = is_secure};
    struct silt_response response = {.status = 200};
    cr_assert(silt_visit_begin(&context, &request, token, &response));
    const char *header = response.headers[0].value;
    cr_expect_not_null(strstr(header, "; HttpOnly"));
    cr_expect_not_null(strstr(header, "; SameSite=Strict"));
    cr_expect_eq(strstr(header, "; Secure") != NULL, is_secure);
    cr_expect_null(strstr(header, token));
    snprintf(value, 512, "%.*s", (int)strcspn(strchr(header, '=') + 1, ";"), strchr(header, '=') + 1);
    *cookie = (struct silt_request_field){"silt_visit", value};
    silt_response_clear(&response);
}

Test(visit, holds_for_its_time)
{
    char value[512];
    struct silt_request_field cookie;
    const struct silt_request request = {.cookies = {&cookie, 1}};
    visit(second, true, value, &cookie);
    cr_expect(silt_visit_is_open(&context, &request));
    seconds += 12 * 60 * 60 - 1;
    cr_expect(silt_visit_is_open(&context, &request));
    seconds += 1;
    cr_expect_not(silt_visit_is_open(&context, &request));
}

Test(visit, ends_with_its_token)
{
    char value[512];
    struct silt_request_field cookie;
    const struct silt_request request = {.cookies = {&cookie, 1}};
    visit(second, false, value, &cookie);
    settings.tokens.count = 1;
    cr_expect_not(silt_visit_is_open(&context, &request));
}

Test(visit, every_changed_character_is_noticed)
{
    char value[512];
    struct silt_request_field cookie;
    const struct silt_request request = {.cookies = {&cookie, 1}};
    visit(first, false, value, &cookie);
    for (size_t i = 0; i < strlen(value); i++) {
        char kept = value[i];
        value[i] = kept == '9' ? '8' : '9';
        cr_expect_not(silt_visit_is_open(&context, &request), "%zu", i);
        value[i] = kept;
    }
    value[strlen(value) - 1] = '\0';
    cr_expect_not(silt_visit_is_open(&context, &request));
    static const char *const bad[] = {"", ".", "..", "99999999999", "9999999999.aa.", "x.y.z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cookie.value = bad[i];
        cr_expect_not(silt_visit_is_open(&context, &request), "%s", bad[i]);
    }
}

Test(visit, only_a_token_begins_one)
{
    const struct silt_request request = {0};
    struct silt_response response = {.status = 200};
    static const char *const bad[] = {NULL, "", "token-number-one-000", "token-number-one-0001 "};
    for (size_t i = 0; i < 4; i++)
        cr_expect_not(silt_visit_begin(&context, &request, bad[i], &response));
    cr_expect_eq(response.header_count, 0);
}

Test(visit, a_form_is_of_its_session)
{
    char value[512], other[512], form[SILT_VISIT_FORM_SIZE], foreign[SILT_VISIT_FORM_SIZE];
    struct silt_request_field cookie, cookie2, field = {"form", form};
    struct silt_request request = {.cookies = {&cookie, 1}, .form = {&field, 1}};
    const struct silt_request request2 = {.cookies = {&cookie2, 1}};
    visit(first, false, value, &cookie);
    visit(first, false, other, &cookie2);
    silt_visit_print_form(&context, &request, form);
    cr_expect(silt_visit_owns_form(&context, &request));
    field.value = silt_visit_print_form(&context, &request2, foreign);
    cr_expect_str_neq(foreign, form);
    cr_expect_not(silt_visit_owns_form(&context, &request));
    field.value = "";
    cr_expect_not(silt_visit_owns_form(&context, &request));
    request.form.count = 0;
    cr_expect_not(silt_visit_owns_form(&context, &request));
    const struct silt_request nobody = {.form = {&field, 1}};
    field.value = "";
    cr_expect_not(silt_visit_owns_form(&context, &nobody));
}
