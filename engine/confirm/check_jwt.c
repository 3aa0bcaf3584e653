/*
 * check_jwt.c: JSON Web Tokens (RFC 7519; compact form: RFC 7515, section 3.1): header and payload are JSON
 * objects in base64url. Without a signature (alg none) a token opens nothing.
 */
#include "base/json.h"
#include "confirm/check.h"
#include "confirm/radix.h"

#include <strings.h>

enum { PART_MAX = 8 * 1024, JSON_BUDGET = 128 * 1024, ALGORITHM_MAX = 16 };

static bool parse_object(struct silt_span part, struct silt_json **out)
{
    uint8_t decoded[PART_MAX];
    size_t size = silt_radix_decode64(part, decoded, sizeof decoded);
    *out = NULL;
    if (size != SILT_RADIX_BAD &&
        silt_json_parse(silt_span_of(decoded, size), JSON_BUDGET, out, NULL) != SILT_OK)
        *out = NULL;
    explicit_bzero(decoded, sizeof decoded);
    return silt_json_is_object(*out);
}

static void rule_header(struct silt_span header, bool has_signature, struct silt_ruling *out)
{
    struct silt_json *json;
    bool is_object = parse_object(header, &json);
    const char *algorithm = silt_json_string(silt_json_get(json, "alg"), "");
    if (!is_object || algorithm[0] == '\0')
        silt_check_rule(out, false, "the header is no JSON object with alg");
    else if (strcasecmp(algorithm, "none") == 0 || !has_signature)
        silt_check_rule(out, false, "not signed");
    else
        silt_check_rule(out, true, "alg %.*s", ALGORITHM_MAX, algorithm);
    silt_json_free(json);
}

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_span parts[3] = {{0}};
    struct silt_span rest = claim->secret;
    for (int i = 0; i < 3; i++) {
        const uint8_t *dot = i < 2 && rest.size > 0 ? memchr(rest.data, '.', rest.size) : NULL;
        size_t size = dot != NULL ? (size_t)(dot - rest.data) : rest.size;
        parts[i] = silt_span_slice(rest, 0, size);
        rest = silt_span_slice(rest, size + 1, rest.size);
    }
    /* GitHub App tokens put ghs_<id>_ before the header. */
    for (size_t i = 0; i + 3 <= parts[0].size; i++)
        if (memcmp(parts[0].data + i, "eyJ", 3) == 0 && (i == 0 || parts[0].data[i - 1] == '_')) {
            parts[0] = silt_span_slice(parts[0], i, parts[0].size);
            break;
        }
    struct silt_json *payload;
    bool has_payload = parse_object(parts[1], &payload);
    silt_json_free(payload);
    if (!has_payload)
        silt_check_rule(out, false, "the payload is no JSON object");
    else
        rule_header(parts[0], parts[2].size > 0, out);
}

const struct silt_check silt_check_jwt = {"jwt", SILT_CHECK_STRUCTURE, run};
