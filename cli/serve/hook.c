/*
 * hook.c: the table of dialects, and what holds for all of them: the secret is proven before anything is
 * parsed, and what is parsed is bounded.
 */
#include "hook.h"

#include "equal.h"
#include "hooks/payload.h"

#include <silt/seal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SILT_HOOK(name) extern const struct silt_hook silt_hook_##name;
#include "hooks.def"
#undef SILT_HOOK

static const struct silt_hook *const hooks[] = {
#define SILT_HOOK(name) &silt_hook_##name,
#include "hooks.def"
#undef SILT_HOOK
};

enum { HOOK_COUNT = sizeof hooks / sizeof *hooks, LOGIN_SIZE = 1024 };

const struct silt_hook *silt_hook_find(const char *name)
{
    for (size_t i = 0; i < HOOK_COUNT; i++)
        if (strcmp(hooks[i]->name, name) == 0)
            return hooks[i];
    return NULL;
}

const struct silt_hook *silt_hook_at(size_t index)
{
    return hooks[index];
}

size_t silt_hook_count(void)
{
    return HOOK_COUNT;
}

static bool is_signed(const struct silt_request *request, const char *signature, const char *secret)
{
    char seal[SILT_SEAL_SIZE];
    if (secret[0] == '\0')
        return false;
    silt_seal_hmac(secret, request->body.data, request->body.size, seal);
    if (strncmp(signature, "sha256=", strlen("sha256=")) == 0)
        signature += strlen("sha256=");
    return silt_equal_secret(signature, seal);
}

/* Whether the password of Basic authentication is the secret. */
static bool is_password(const char *value, const char *secret)
{
    char login[LOGIN_SIZE];
    if (value == NULL || strncasecmp(value, "Basic ", 6) != 0)
        return false;
    size_t size = silt_payload_decode(value + 6 + strspn(value + 6, " "), login, sizeof login - 1);
    login[size] = '\0';
    const char *colon = strchr(login, ':');
    bool is_right = colon != NULL && silt_equal_secret(colon + 1, secret);
    explicit_bzero(login, sizeof login);
    return is_right;
}

bool silt_hook_is_proven(const struct silt_hook *hook, const struct silt_request *request, const char *secret)
{
    const char *signature = hook->signature != NULL ? silt_request_header(request, hook->signature) : NULL;
    const char *token = hook->token != NULL ? silt_request_header(request, hook->token) : NULL;
    const char *authorization = silt_request_header(request, "Authorization");
    bool is_token = silt_equal_secret(token, secret);
    if (signature != NULL)
        return is_signed(request, signature, secret) | is_token;
    return is_token | silt_equal_secret(silt_request_bearer(request), secret) |
           silt_equal_secret(authorization, secret) | is_password(authorization, secret) |
           silt_equal_secret(silt_request_header(request, "X-Silt-Secret"), secret) |
           silt_equal_secret(silt_request_parameter(request, "secret"), secret);
}

/* Whether the body may be JSON, by what it says itself. Senders that say nothing are believed. */
static bool may_be_json(const struct silt_request *request)
{
    const char *type = silt_request_header(request, "Content-Type");
    return type == NULL || strcasestr(type, "json") != NULL || strncasecmp(type, "text/plain", 10) == 0;
}

enum silt_status silt_hook_read(const struct silt_hook *hook, const struct silt_request *request,
                                struct silt_pushes *pushes, struct silt_error *error)
{
    json_t *body = NULL;
    pushes->hook = hook;
    if (!may_be_json(request)) {
        silt_payload_refuse(error, "the body must be JSON: let the sender use application/json");
        if (error != NULL)
            error->status = SILT_ERR_UNSUPPORTED;
        return SILT_ERR_UNSUPPORTED;
    }
    enum silt_status status = silt_payload_parse(request->body, &body, error);
    if (status == SILT_OK)
        status = hook->read(request, body, pushes, error);
    json_decref(body);
    return status;
}

void silt_hook_clear(struct silt_pushes *pushes)
{
    silt_stash_clear(&pushes->stash);
    *pushes = (struct silt_pushes){0};
}
