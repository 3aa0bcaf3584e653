/*
 * check_base64.c: values that are base64 of something: of anything, of a JSON object, of user:password.
 *
 * Sources: RFC 4648; RFC 8259; docker/cli, config.json "auths" (base64 of "user:password").
 */
#include "base/json.h"
#include "confirm/check.h"
#include "confirm/placeholder.h"
#include "confirm/radix.h"

enum { TEXT_MAX = 16 * 1024, JSON_BUDGET = 256 * 1024, LOGIN_MAX = 2048 };

/* Decodes in place of the squeezed text: what is written never overtakes what is read. */
static size_t decode(struct silt_span text, uint8_t out[TEXT_MAX])
{
    size_t size = silt_radix_squeeze(text, out, TEXT_MAX);
    return silt_radix_decode64(silt_span_of(out, size), out, TEXT_MAX);
}

static void run_any(const struct silt_claim *claim, struct silt_ruling *out)
{
    uint8_t decoded[TEXT_MAX];
    size_t size = decode(claim->secret, decoded);
    explicit_bzero(decoded, sizeof decoded);
    if (size == SILT_RADIX_BAD)
        silt_check_rule(out, false, "not base64");
    else
        silt_check_rule(out, true, "base64 of %zu bytes", size);
}

/* Tokens put a word before the JSON (glc_, ops_, base64:): the JSON begins with {" which is eyJ in base64, or
 * ew. */
static struct silt_span json_part(struct silt_span secret)
{
    for (size_t i = 0; i + 2 < secret.size && i < 32; i++)
        if (memcmp(secret.data + i, "eyJ", 3) == 0 || memcmp(secret.data + i, "ewo", 3) == 0 ||
            memcmp(secret.data + i, "eyA", 3) == 0 || memcmp(secret.data + i, "ew0", 3) == 0)
            return silt_span_slice(secret, i, secret.size);
    return secret;
}

static void run_json(const struct silt_claim *claim, struct silt_ruling *out)
{
    uint8_t decoded[TEXT_MAX];
    struct silt_json *json = NULL;
    size_t size = decode(json_part(claim->secret), decoded);
    if (size != SILT_RADIX_BAD &&
        silt_json_parse(silt_span_of(decoded, size), JSON_BUDGET, &json, NULL) != SILT_OK)
        json = NULL;
    bool is_object = silt_json_is_object(json);
    silt_check_rule(out, is_object, is_object ? "base64 of a JSON object" : "not base64 of a JSON object");
    silt_json_free(json);
    explicit_bzero(decoded, sizeof decoded);
}

static void rule_login(struct silt_span login, struct silt_ruling *out)
{
    const uint8_t *colon = memchr(login.data, ':', login.size);
    size_t user_size = colon != NULL ? (size_t)(colon - login.data) : login.size;
    struct silt_span password = silt_span_slice(login, user_size + 1, login.size);
    if (colon == NULL || password.size == 0) {
        silt_check_rule(out, false, "not base64 of user:password");
        return;
    }
    silt_check_rule(out, true, "login of %.*s", user_size < 64 ? (int)user_size : 64,
                    (const char *)login.data);
    enum silt_placeholder kind = silt_placeholder_kind(password);
    out->is_noise = kind != SILT_PLACEHOLDER_NONE;
}

static void run_docker(const struct silt_claim *claim, struct silt_ruling *out)
{
    uint8_t decoded[LOGIN_MAX];
    size_t size = silt_radix_decode64(claim->secret, decoded, sizeof decoded);
    if (size == SILT_RADIX_BAD)
        silt_check_rule(out, false, "not base64 of user:password");
    else
        rule_login(silt_span_of(decoded, size), out);
    explicit_bzero(decoded, sizeof decoded);
}

const struct silt_check silt_check_base64_any = {"base64", SILT_CHECK_SHAPE, run_any};
const struct silt_check silt_check_base64_json = {"base64-json", SILT_CHECK_STRUCTURE, run_json};
const struct silt_check silt_check_base64_docker = {"docker-auth", SILT_CHECK_STRUCTURE, run_docker};
