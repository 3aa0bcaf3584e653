/*
 * visit.c: a session is a cookie "UNTIL.NONCE.SEAL": seconds since 1970, random bytes, and an HMAC over both
 * with a key made from an API token. The form token is another HMAC over the same: who cannot read the page
 * cannot know it. The cookie is SameSite=Strict besides.
 */
#include "visit.h"

#include "equal.h"
#include "gate.h"
#include "settings.h"

#include <assert.h>
#include <silt/seal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define COOKIE "silt_visit"

enum { VISIT_S = 12 * 60 * 60, NONCE_SIZE = 16, PASS_SIZE = 80, COOKIE_SIZE = 320 };

/* What a cookie says, and the key that its seal fits. */
struct visit {
    char pass[PASS_SIZE]; /* "UNTIL.NONCE" */
    char key[SILT_SEAL_SIZE];
};

static void make_key(const char *token, char key[SILT_SEAL_SIZE])
{
    static const char use[] = "silt: sessions of the dashboard";
    silt_seal_hmac(token, use, strlen(use), key);
}

/* Seals a pass for one of the two uses. */
static void make_seal(const struct visit *visit, const char *use, char seal[SILT_SEAL_SIZE])
{
    char text[PASS_SIZE + 16];
    int size = snprintf(text, sizeof text, "%s %s", use, visit->pass);
    silt_seal_hmac(visit->key, text, (size_t)size, seal);
}

/* Finds the token whose seal the cookie has. All are tried, so that time tells nothing. */
static bool find_key(const struct silt_settings *settings, const char *seal, struct visit *visit)
{
    char key[SILT_SEAL_SIZE] = "", right[SILT_SEAL_SIZE];
    for (size_t i = 0; i < settings->tokens.count; i++) {
        make_key(settings->tokens.items[i], visit->key);
        make_seal(visit, "visit", right);
        if (silt_equal_secret(seal, right))
            memcpy(key, visit->key, sizeof key);
    }
    memcpy(visit->key, key, sizeof key);
    explicit_bzero(key, sizeof key);
    return visit->key[0] != '\0';
}

/* Reads the request's cookie. False if there is none that holds. */
static bool read_visit(const struct silt_context *context, const struct silt_request *request,
                       struct visit *visit)
{
    const char *cookie = silt_request_cookie(request, COOKIE);
    const char *seal = cookie != NULL ? strrchr(cookie, '.') : NULL;
    if (seal == NULL || (size_t)(seal - cookie) >= sizeof visit->pass)
        return false;
    snprintf(visit->pass, sizeof visit->pass, "%.*s", (int)(seal - cookie), cookie);
    return find_key(context->settings, seal + 1, visit) && strtoll(visit->pass, NULL, 10) > context->now();
}

bool silt_visit_is_open(const struct silt_context *context, const struct silt_request *request)
{
    struct visit visit;
    bool is_open = read_visit(context, request, &visit);
    explicit_bzero(&visit, sizeof visit);
    return is_open;
}

const char *silt_visit_print_form(const struct silt_context *context, const struct silt_request *request,
                                  char out[SILT_VISIT_FORM_SIZE])
{
    static_assert((int)SILT_VISIT_FORM_SIZE == (int)SILT_SEAL_SIZE, "a form token is a seal");
    struct visit visit;
    out[0] = '\0';
    if (read_visit(context, request, &visit))
        make_seal(&visit, "form", out);
    explicit_bzero(&visit, sizeof visit);
    return out;
}

bool silt_visit_owns_form(const struct silt_context *context, const struct silt_request *request)
{
    char right[SILT_VISIT_FORM_SIZE];
    silt_visit_print_form(context, request, right);
    return silt_equal_secret(silt_request_form(request, "form"), right);
}

static void set_cookie(const struct silt_request *request, const char *value, int seconds,
                       struct silt_response *response)
{
    char cookie[COOKIE_SIZE];
    snprintf(cookie, sizeof cookie, COOKIE "=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s", value,
             seconds, request->is_secure ? "; Secure" : "");
    silt_response_set(response, "Set-Cookie", cookie);
}

static bool make_pass(const struct silt_context *context, char pass[PASS_SIZE])
{
    unsigned char nonce[NONCE_SIZE];
    int used = snprintf(pass, PASS_SIZE, "%lld.", (long long)context->now() + VISIT_S);
    if (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce)
        return false;
    for (size_t i = 0; i < sizeof nonce; i++)
        used += snprintf(pass + used, PASS_SIZE - (size_t)used, "%02x", nonce[i]);
    return true;
}

bool silt_visit_begin(const struct silt_context *context, const struct silt_request *request,
                      const char *token, struct silt_response *response)
{
    struct visit visit;
    char seal[SILT_SEAL_SIZE], value[PASS_SIZE + SILT_SEAL_SIZE + 1];
    if (!silt_gate_is_token(context->settings, token) || !make_pass(context, visit.pass))
        return false;
    make_key(token, visit.key);
    make_seal(&visit, "visit", seal);
    snprintf(value, sizeof value, "%s.%s", visit.pass, seal);
    set_cookie(request, value, VISIT_S, response);
    explicit_bzero(&visit, sizeof visit);
    explicit_bzero(value, sizeof value);
    return true;
}

void silt_visit_end(const struct silt_request *request, struct silt_response *response)
{
    set_cookie(request, "", 0, response);
}
