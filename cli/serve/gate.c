/*
 * gate.c: API tokens and sessions. A token comes as a bearer token, as the password of Basic, or in the
 * header of Harbor's scanner adapters; every token is compared, whichever fits, so that time tells nothing.
 */
#include "gate.h"

#include "equal.h"
#include "settings.h"
#include "visit.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { BASIC_SIZE = 1024 };

bool silt_gate_is_token(const struct silt_settings *settings, const char *text)
{
    bool is_one = false;
    for (size_t i = 0; i < settings->tokens.count; i++)
        is_one |= silt_equal_secret(text, settings->tokens.items[i]);
    return is_one;
}

static int digit_value(char digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = digit != '\0' ? strchr(digits, digit) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

/* Decodes base64 into a text; stops at what is none. */
static void decode(const char *text, char out[BASIC_SIZE])
{
    uint32_t bits = 0;
    size_t size = 0;
    int value;
    for (unsigned count = 1; (value = digit_value(*text)) >= 0 && size < BASIC_SIZE - 1; text++, count++) {
        bits = bits << 6 | (uint32_t)value;
        if (count % 4 != 1)
            out[size++] = (char)(bits >> (6 - 2 * ((count - 1) % 4)));
    }
    out[size] = '\0';
}

/* The password of Basic authentication is a token. */
static bool is_basic_token(const struct silt_settings *settings, const struct silt_request *request)
{
    const char *value = silt_request_header(request, "Authorization");
    char login[BASIC_SIZE];
    if (value == NULL || strncasecmp(value, "Basic ", 6) != 0)
        return false;
    decode(value + 6 + strspn(value + 6, " "), login);
    const char *colon = strchr(login, ':');
    bool is_token = colon != NULL && silt_gate_is_token(settings, colon + 1);
    explicit_bzero(login, sizeof login);
    return is_token;
}

static bool has_token(const struct silt_settings *settings, const struct silt_request *request)
{
    return silt_gate_is_token(settings, silt_request_bearer(request)) ||
           silt_gate_is_token(settings, silt_request_header(request, "X-ScannerAdapter-API-Key")) ||
           is_basic_token(settings, request);
}

static bool refuse_token(struct silt_response *response)
{
    silt_response_plain(response, 401, "an API token is needed: Authorization: Bearer TOKEN");
    silt_response_set(response, "WWW-Authenticate", "Bearer realm=\"silt\"");
    return false;
}

static bool admits_visit(const struct silt_context *context, const struct silt_request *request,
                         struct silt_response *response)
{
    if (!silt_visit_is_open(context, request)) {
        silt_response_redirect(response, "/login");
        return false;
    }
    if (strcmp(request->method, "GET") == 0 || silt_visit_owns_form(context, request))
        return true;
    silt_response_plain(response, 403, "the form is not from this session; load the page again");
    return false;
}

bool silt_gate_admits(const struct silt_context *context, const struct silt_request *request,
                      enum silt_access access, struct silt_response *response)
{
    switch (access) {
    case SILT_ACCESS_TOKEN:
        return has_token(context->settings, request) || refuse_token(response);
    case SILT_ACCESS_SESSION:
        return admits_visit(context, request, response);
    case SILT_ACCESS_PUBLIC:
    case SILT_ACCESS_HOOK:
        return true;
    }
    return false;
}
