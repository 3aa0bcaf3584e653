/*
 * token.c: GET with Basic, or POST of a refresh token (distribution, spec/auth/token and spec/auth/oauth).
 */
#include "registry/token.h"

#include "base/error.h"
#include "base/json.h"
#include "registry/retry.h"

enum { ANSWER_MAX = 256 * 1024, TOKEN_MAX = 64 * 1024, JSON_BUDGET = 4 * 1024 * 1024 };

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static enum silt_status put_base64(struct silt_buffer *out, struct silt_span bytes, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < bytes.size && status == SILT_OK; i += 3) {
        uint32_t three = (uint32_t)bytes.data[i] << 16;
        size_t left = bytes.size - i;
        three |= left > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
        three |= left > 2 ? bytes.data[i + 2] : 0;
        const char four[4] = {base64[three >> 18], base64[three >> 12 & 63],
                              left > 1 ? base64[three >> 6 & 63] : '=', left > 2 ? base64[three & 63] : '='};
        status = silt_buffer_append(out, silt_span_of(four, sizeof four), error);
    }
    return status;
}

static enum silt_status put_text(struct silt_buffer *out, const char *text, struct silt_error *error)
{
    return silt_buffer_append(out, silt_span_text(text), error);
}

static enum silt_status put_end(struct silt_buffer *out, struct silt_error *error)
{
    return silt_buffer_append(out, silt_span_of("", 1), error);
}

enum silt_status silt_token_basic(const struct silt_login *login, struct silt_buffer *out,
                                  struct silt_error *error)
{
    struct silt_buffer pair = {0};
    enum silt_status status = put_text(&pair, login->username, error);
    if (status == SILT_OK)
        status = put_text(&pair, ":", error);
    if (status == SILT_OK)
        status = put_text(&pair, login->secret, error);
    if (status == SILT_OK)
        status = put_text(out, "Basic ", error);
    if (status == SILT_OK)
        status = put_base64(out, silt_buffer_span(&pair), error);
    silt_buffer_wipe(&pair);
    return status == SILT_OK ? put_end(out, error) : status;
}

/* Appends &name=value, or ?name=value for the first. */
static enum silt_status put_parameter(struct silt_buffer *out, const char *name, const char *value,
                                      struct silt_error *error)
{
    if (value[0] == '\0')
        return SILT_OK;
    enum silt_status status = put_text(out, name, error);
    return status == SILT_OK ? silt_url_escape(out, value, error) : status;
}

/* A scope may be several, parted by blanks: each is a parameter of its own. */
static enum silt_status put_scopes(struct silt_buffer *out, const char *scope, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (const char *p = scope; *p != '\0' && status == SILT_OK;) {
        char one[SILT_CHALLENGE_VALUE_SIZE];
        size_t size = strcspn(p, " ");
        memcpy(one, p, size);
        one[size] = '\0';
        status = put_parameter(out, "&scope=", one, error);
        p += size + strspn(p + size, " ");
    }
    return status;
}

static enum silt_status make_query(const struct silt_token_want *want, struct silt_buffer *url,
                                   struct silt_error *error)
{
    const struct silt_challenge *challenge = want->challenge;
    const char *realm = &challenge->realm[0];
    enum silt_status status = put_text(url, realm, error);
    if (status == SILT_OK && realm != NULL)
        status = put_text(url, strchr(realm, '?') != NULL ? "&client_id=silt" : "?client_id=silt", error);
    if (status == SILT_OK)
        status = put_parameter(url, "&service=", challenge->service, error);
    if (status == SILT_OK)
        status = put_scopes(url, want->scope, error);
    if (status == SILT_OK && want->login->kind == SILT_LOGIN_PASSWORD)
        status = put_parameter(url, "&account=", want->login->username, error);
    return status == SILT_OK ? put_end(url, error) : status;
}

static enum silt_status make_form(const struct silt_token_want *want, struct silt_buffer *form,
                                  struct silt_error *error)
{
    enum silt_status status = put_text(form, "grant_type=refresh_token&client_id=silt", error);
    if (status == SILT_OK)
        status = put_parameter(form, "&service=", want->challenge->service, error);
    if (status == SILT_OK)
        status = put_parameter(form, "&scope=", want->scope, error);
    if (status == SILT_OK)
        status = put_parameter(form, "&refresh_token=", want->login->secret, error);
    return status == SILT_OK ? put_end(form, error) : status;
}

/* A header's value must not end early. */
static bool is_clean(struct silt_span token)
{
    for (size_t i = 0; i < token.size; i++)
        if (token.data[i] <= ' ' || token.data[i] >= 0x7f)
            return false;
    return token.size > 0 && token.size <= TOKEN_MAX;
}

enum silt_status silt_token_parse(struct silt_span answer, struct silt_buffer *out, struct silt_error *error)
{
    struct silt_json *root = NULL;
    enum silt_status status = silt_json_parse(answer, JSON_BUDGET, &root, error);
    if (status != SILT_OK) {
        silt_error_prefix(error, "the token server's answer");
        return status;
    }
    struct silt_span token = silt_json_text(silt_json_get(root, "token"));
    if (token.size == 0)
        token = silt_json_text(silt_json_get(root, "access_token"));
    if (is_clean(token))
        status = silt_buffer_append(out, token, error);
    else
        status = silt_error_set(error, SILT_ERR_CORRUPT, "the token server's answer holds no token");
    silt_json_free(root);
    return status == SILT_OK ? put_end(out, error) : status;
}

static enum silt_status take_answer(struct silt_exchange *exchange, const struct silt_token_want *want,
                                    struct silt_buffer *out, struct silt_error *error)
{
    unsigned code = silt_exchange_code(exchange);
    struct silt_buffer body = {0};
    enum silt_status status;
    if (code == 200)
        status = silt_exchange_read_all(exchange, ANSWER_MAX, &body, error);
    else if (code == 401 || code == 403)
        status =
            silt_error_set(error, SILT_ERR_UNSUPPORTED, "%s (code %u)",
                           want->login->kind == SILT_LOGIN_NONE ? "it gives no token without a login"
                                                                : "it refuses this user name and password",
                           code);
    else
        status = silt_error_set(error, SILT_ERR_UNSUPPORTED, "it answers with code %u", code);
    if (status == SILT_OK)
        status = silt_token_parse(silt_buffer_span(&body), out, error);
    silt_buffer_wipe(&body);
    return status;
}

static enum silt_status ask(struct silt_client *client, const struct silt_token_want *want,
                            const struct silt_request *request, struct silt_buffer *out, bool *may_retry,
                            struct silt_error *error)
{
    struct silt_exchange *exchange = NULL;
    enum silt_status status = silt_exchange_open(client, request, &exchange, may_retry, error);
    if (status != SILT_OK)
        return status;
    status = take_answer(exchange, want, out, error);
    *may_retry = silt_retry_is_worth(silt_exchange_code(exchange)) || status == SILT_ERR_IO;
    silt_exchange_free(exchange);
    return status;
}

enum silt_status silt_token_fetch(struct silt_client *client, const struct silt_token_want *want,
                                  struct silt_buffer *out, bool *may_retry, struct silt_error *error)
{
    struct silt_buffer url = {0}, form = {0}, basic = {0};
    struct silt_request request = {.ca = want->ca, .accept = "application/json"};
    bool is_refresh = want->login->kind == SILT_LOGIN_REFRESH;
    enum silt_status status = is_refresh ? make_form(want, &form, error) : make_query(want, &url, error);
    if (status == SILT_OK && want->login->kind == SILT_LOGIN_PASSWORD)
        status = silt_token_basic(want->login, &basic, error);
    request.url = is_refresh ? want->challenge->realm : (const char *)url.data;
    request.form = (const char *)form.data;
    request.authorization = (const char *)basic.data;
    if (status == SILT_OK)
        status = ask(client, want, &request, out, may_retry, error);
    if (status != SILT_OK)
        silt_error_prefix(error, "token server %.200s", want->challenge->realm);
    silt_buffer_clear(&url);
    silt_buffer_wipe(&form);
    silt_buffer_wipe(&basic);
    return status;
}
