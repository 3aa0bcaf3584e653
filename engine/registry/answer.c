/*
 * answer.c: codes, and the error document of the OCI distribution specification ("Error Codes").
 */
#include "registry/answer.h"

#include "base/error.h"
#include "base/json.h"

#include <stdio.h>

enum { BODY_MAX = 64 * 1024, SAID_SIZE = 200, JSON_BUDGET = 1024 * 1024 };

/* The first error's code and message, as the registry words them; "" if it says nothing that can be read. */
static void read_said(struct silt_span body, char out[SAID_SIZE])
{
    struct silt_json *root = NULL;
    out[0] = '\0';
    if (silt_json_parse(body, JSON_BUDGET, &root, NULL) != SILT_OK)
        return;
    const struct silt_json *first = silt_json_at(silt_json_get(root, "errors"), 0);
    const char *code = silt_json_string(silt_json_get(first, "code"), "");
    const char *message = silt_json_string(silt_json_get(first, "message"), "");
    if (message[0] != '\0' || code[0] != '\0')
        snprintf(out, SAID_SIZE, " (%.40s%s%.140s)", code, code[0] != '\0' && message[0] != '\0' ? ": " : "",
                 message);
    silt_json_free(root);
}

static bool holds(struct silt_span body, const char *text)
{
    return text != NULL && text[0] != '\0' && body.size > 0 &&
           memmem(body.data, body.size, text, strlen(text)) != NULL;
}

static enum silt_status say(unsigned code, const struct silt_answer_login *login, const char *said,
                            struct silt_error *error)
{
    if (code == 401 && login->is_user)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "%s refuses this login%s", login->host, said);
    if (code == 401)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED,
                              "a login is needed%s: docker login %s, or --username and --password-stdin",
                              said, login->host);
    if (code == 403)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "the registry does not allow it to this login%s",
                              said);
    if (code == 404)
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "not there%s", said);
    if (code == 429)
        return silt_error_set(error, SILT_ERR_IO, "the registry's limit of requests is reached%s", said);
    if (code >= 300 && code < 400)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED,
                              "it sends elsewhere without saying where (code %u)", code);
    return silt_error_set(error, code >= 500 ? SILT_ERR_IO : SILT_ERR_UNSUPPORTED, "answered with code %u%s",
                          code, said);
}

enum silt_status silt_answer_explain(struct silt_exchange *exchange, const struct silt_answer_login *login,
                                     struct silt_error *error)
{
    struct silt_buffer buffer = {0};
    char said[SAID_SIZE] = "";
    unsigned code = silt_exchange_code(exchange);
    enum silt_status status = silt_exchange_read_all(exchange, BODY_MAX, &buffer, error);
    struct silt_span body = silt_buffer_span(&buffer);
    if (status == SILT_OK && !holds(body, login->secret))
        read_said(body, said);
    bool is_https = code == 400 && holds(body, "HTTP request to an HTTPS server");
    silt_buffer_wipe(&buffer);
    if (status == SILT_ERR_CANCELLED || status == SILT_ERR_MEMORY)
        return status;
    if (is_https)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "it speaks TLS: leave out --plain-http");
    return say(code, login, said, error);
}
