/*
 * check_sentry.c: Sentry organisation tokens: sntrys_, base64 of a JSON object that names the organisation,
 * `_`, the secret. Source: Sentry RFC 0091, "CI upload tokens".
 */
#include "base/json.h"
#include "confirm/check.h"
#include "confirm/radix.h"

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { PREFIX_SIZE = 7, DECODED_MAX = 1024, JSON_BUDGET = 32 * 1024, NAME_MAX_SHOWN = 64 };
    uint8_t decoded[DECODED_MAX];
    struct silt_json *json = NULL;
    struct silt_span rest = silt_span_slice(claim->secret, PREFIX_SIZE, claim->secret.size);
    const uint8_t *end = rest.size > 0 ? memrchr(rest.data, '_', rest.size) : NULL;
    size_t size = SILT_RADIX_BAD;
    if (end != NULL)
        size =
            silt_radix_decode64(silt_span_slice(rest, 0, (size_t)(end - rest.data)), decoded, sizeof decoded);
    if (size != SILT_RADIX_BAD &&
        silt_json_parse(silt_span_of(decoded, size), JSON_BUDGET, &json, NULL) != SILT_OK)
        json = NULL;
    const char *organisation = silt_json_string(silt_json_get(json, "org"), "");
    if (silt_json_get(json, "iat") == NULL || silt_json_get(json, "url") == NULL)
        silt_check_rule(out, false, "no JSON with iat and url inside");
    else
        silt_check_rule(out, true, "organisation %.*s", NAME_MAX_SHOWN, organisation);
    silt_json_free(json);
    explicit_bzero(decoded, sizeof decoded);
}

const struct silt_check silt_check_sentry_json = {"sentry-json", SILT_CHECK_STRUCTURE, run};
