/*
 * check_gcp.c: Google service-account keys: a JSON object with type, private_key and client_email (Google
 * Cloud, "Create and delete service account keys"). The JSON may stand in a string, with its quotes escaped.
 */
#include "base/json.h"
#include "confirm/check.h"

enum { TEXT_MAX = 16 * 1024, JSON_BUDGET = 256 * 1024, NAME_SHOWN = 100 };

/* Undoes one level of backslashes. */
static size_t unescape(struct silt_span text, uint8_t out[TEXT_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < text.size && count < TEXT_MAX; i++) {
        uint8_t c = text.data[i];
        if (c == '\\' && i + 1 < text.size) {
            c = text.data[++i];
            if (c == 'n' || c == 'r' || c == 't')
                c = ' ';
        }
        out[count++] = c;
    }
    return count;
}

static struct silt_json *parse(struct silt_span text)
{
    struct silt_json *json = NULL;
    if (silt_json_parse(text, JSON_BUDGET, &json, NULL) == SILT_OK)
        return json;
    uint8_t plain[TEXT_MAX];
    size_t size = unescape(text, plain);
    if (silt_json_parse(silt_span_of(plain, size), JSON_BUDGET, &json, NULL) != SILT_OK)
        json = NULL;
    explicit_bzero(plain, sizeof plain);
    return json;
}

static bool key_parses(struct silt_span pem)
{
    struct silt_claim claim = {.secret = pem};
    struct silt_ruling ruling = {.validation = SILT_VALIDATION_NONE};
    silt_check_find("pem-private-key")->run(&claim, &ruling);
    return ruling.validation == SILT_VALIDATION_VALID;
}

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_json *json = parse(claim->secret);
    struct silt_span type = silt_json_text(silt_json_get(json, "type"));
    struct silt_span email = silt_json_text(silt_json_get(json, "client_email"));
    struct silt_span pem = silt_json_text(silt_json_get(json, "private_key"));
    if (!silt_span_is_text(type, "service_account") || !silt_span_has_suffix(email, "gserviceaccount.com"))
        silt_check_rule(out, false, "no JSON with type, private_key and client_email");
    else if (!key_parses(pem))
        silt_check_rule(out, false, "the private key does not parse");
    else
        silt_check_rule(out, true, "%.*s", email.size < NAME_SHOWN ? (int)email.size : NAME_SHOWN,
                        (const char *)email.data);
    silt_json_free(json);
}

const struct silt_check silt_check_gcp_service_account = {"gcp-service-account", SILT_CHECK_PROOF, run};
