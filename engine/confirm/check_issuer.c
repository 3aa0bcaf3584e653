/*
 * check_issuer.c: tokens with a marker or a structure of their issuer's own, and no checksum.
 *
 * Source: token formats, section 2b, and the vendors' documentation: Telegram "Bot API" (token), Discord
 * "Reference: authentication", Slack "Token types", Stripe "API keys".
 */
#include "confirm/check.h"
#include "confirm/radix.h"

enum { DECODED_MAX = 512 };

/* The place of a character, or the size. */
static size_t find(struct silt_span text, char c)
{
    const uint8_t *found = text.size > 0 ? memchr(text.data, c, text.size) : NULL;
    return found != NULL ? (size_t)(found - text.data) : text.size;
}

/* Takes what stands before a separator off the front. */
static struct silt_span take(struct silt_span *rest, char separator)
{
    size_t size = find(*rest, separator);
    struct silt_span part = silt_span_slice(*rest, 0, size);
    *rest = silt_span_slice(*rest, size + 1, rest->size);
    return part;
}

static bool has_size(struct silt_span text, size_t least, size_t most)
{
    return text.size >= least && text.size <= most;
}

static void run_telegram(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_span rest = claim->secret, id = take(&rest, ':');
    bool fits = silt_radix_is_digits(id) && has_size(id, 8, 10) && rest.size == 35 &&
                silt_span_has_prefix(rest, "AA");
    if (fits)
        silt_check_rule(out, true, "bot %.*s", (int)id.size, (const char *)id.data);
    else
        silt_check_rule(out, false, "not id:AA…, as bot tokens are");
}

static void run_discord(const struct silt_claim *claim, struct silt_ruling *out)
{
    uint8_t id[32];
    struct silt_span rest = claim->secret, part = take(&rest, '.');
    if (silt_span_has_prefix(claim->secret, "mfa."))
        return;
    size_t size = silt_radix_decode64(part, id, sizeof id);
    bool fits = size != SILT_RADIX_BAD && size >= 17 && size <= 20 &&
                silt_radix_is_digits(silt_span_of(id, size)) && find(rest, '.') == 6;
    if (fits)
        silt_check_rule(out, true, "bot %.*s", (int)size, (const char *)id);
    else
        silt_check_rule(out, false, "the first part is no user id");
}

static bool is_slack_webhook(struct silt_span secret)
{
    struct silt_span rest = secret, team = take(&rest, '/'), hook = take(&rest, '/');
    return silt_span_has_prefix(team, "T") && silt_span_has_prefix(hook, "B") && silt_radix_is_alnum(team) &&
           silt_radix_is_alnum(hook) && has_size(rest, 22, 26) && silt_radix_is_alnum(rest);
}

/* xoxb-ID-ID-SECRET and its kin: all parts but the last are numbers. */
static bool is_slack_token(struct silt_span secret)
{
    struct silt_span rest = silt_span_slice(secret, 5, secret.size), last = take(&rest, '-');
    size_t numbers = 0;
    while (rest.size > 0) {
        if (!silt_radix_is_digits(last) || !has_size(last, 1, 14))
            return false;
        numbers++;
        last = take(&rest, '-');
    }
    return numbers > 0 && silt_radix_is_alnum(last) && last.size >= 10;
}

static bool is_slack_app(struct silt_span secret)
{
    struct silt_span rest = silt_span_slice(secret, 5, secret.size);
    struct silt_span version = take(&rest, '-'), app = take(&rest, '-'), id = take(&rest, '-');
    return silt_radix_is_digits(version) && silt_span_has_prefix(app, "A") && silt_radix_is_digits(id) &&
           rest.size == 64 && silt_radix_is_hex(rest);
}

static void run_slack(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_span secret = claim->secret;
    bool fits;
    if (silt_span_has_prefix(secret, "xoxe.") || silt_span_has_prefix(secret, "xoxd-"))
        return;
    if (silt_span_has_prefix(secret, "xapp-"))
        fits = is_slack_app(secret);
    else if (silt_span_has_prefix(secret, "xox"))
        fits = is_slack_token(secret);
    else
        fits = is_slack_webhook(secret);
    silt_check_rule(out, fits, fits ? "in Slack's form" : "not in Slack's form");
}

static void run_stripe(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { PREFIX_SIZE = 8, OLD_SIZE = 24, NEW_SIZE_MIN = 80, ACCOUNT_SIZE = 16 };
    struct silt_span body = silt_span_slice(claim->secret, PREFIX_SIZE, claim->secret.size);
    if (!silt_radix_is_alnum(body))
        silt_check_rule(out, false, "not in Stripe's form");
    else if (body.size == OLD_SIZE)
        silt_check_rule(out, true, "a key of the older form");
    else if (body.size >= NEW_SIZE_MIN && silt_span_has_prefix(body, "51"))
        silt_check_rule(out, true, "account %.*s", ACCOUNT_SIZE - 2, (const char *)body.data + 2);
}

static void run_openai(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char marker[] = "T3BlbkFJ"; /* base64 of "OpenAI" */
    enum { MARKER_SIZE = 8, SIDE_MIN = 16 };
    struct silt_span secret = claim->secret;
    bool fits = false;
    for (size_t i = SIDE_MIN; i + MARKER_SIZE + SIDE_MIN <= secret.size && !fits; i++)
        fits = memcmp(secret.data + i, marker, MARKER_SIZE) == 0;
    silt_check_rule(out, fits, fits ? "holds OpenAI's marker" : "lacks OpenAI's marker");
}

static void run_anthropic(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { BODY_SIZE = 95 };
    struct silt_span secret = claim->secret;
    bool is_key = silt_span_has_prefix(secret, "sk-ant-api") || silt_span_has_prefix(secret, "sk-ant-admin");
    struct silt_span body = secret;
    for (int i = 0; i < 3; i++)
        take(&body, '-');
    if (silt_span_has_suffix(secret, "AA") && (!is_key || body.size == BODY_SIZE))
        silt_check_rule(out, true, "ends in AA, as issued keys do");
    else if (is_key)
        silt_check_rule(out, false, "does not end in AA, or has another length");
}

static void run_notion(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { PREFIX_SIZE = 4, DIGITS = 11, REST = 35 };
    struct silt_span secret = claim->secret;
    if (!silt_span_has_prefix(secret, "ntn_"))
        return;
    bool fits = secret.size == PREFIX_SIZE + DIGITS + REST &&
                silt_radix_is_digits(silt_span_slice(secret, PREFIX_SIZE, DIGITS)) &&
                silt_radix_is_alnum(silt_span_slice(secret, PREFIX_SIZE + DIGITS, REST));
    silt_check_rule(out, fits, fits ? "in Notion's form" : "not in Notion's form");
}

/* cmVmdGtu…: base64 of reftkn:01:<time>:<random>. */
static void run_jfrog(const struct silt_claim *claim, struct silt_ruling *out)
{
    uint8_t decoded[DECODED_MAX];
    size_t size = silt_radix_decode64(claim->secret, decoded, sizeof decoded);
    struct silt_span rest = silt_span_of(decoded, size != SILT_RADIX_BAD ? size : 0);
    struct silt_span word = take(&rest, ':'), version = take(&rest, ':'), time = take(&rest, ':');
    bool fits = silt_span_is_text(word, "reftkn") && silt_radix_is_digits(version) &&
                silt_radix_is_digits(time) && rest.size > 0;
    silt_check_rule(out, fits, fits ? "a reference token" : "not base64 of a reference token");
    explicit_bzero(decoded, sizeof decoded);
}

/* BBDC-…: base64 of <number>:<20 bytes>. */
static void run_bitbucket(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { SECRET_SIZE = 20 };
    uint8_t decoded[DECODED_MAX];
    struct silt_span text = claim->secret;
    if (silt_span_has_prefix(text, "BBDC-"))
        text = silt_span_slice(text, 5, text.size);
    size_t size = silt_radix_decode64(text, decoded, sizeof decoded);
    struct silt_span rest = silt_span_of(decoded, size != SILT_RADIX_BAD ? size : 0), id = take(&rest, ':');
    bool fits = silt_radix_is_digits(id) && rest.size == SECRET_SIZE;
    silt_check_rule(out, fits, fits ? "id and secret" : "not base64 of id and secret");
    explicit_bzero(decoded, sizeof decoded);
}

const struct silt_check silt_check_issuer_telegram = {"telegram", SILT_CHECK_SHAPE, run_telegram};
const struct silt_check silt_check_issuer_discord = {"discord", SILT_CHECK_STRUCTURE, run_discord};
const struct silt_check silt_check_issuer_slack = {"slack", SILT_CHECK_SHAPE, run_slack};
const struct silt_check silt_check_issuer_stripe = {"stripe", SILT_CHECK_SHAPE, run_stripe};
const struct silt_check silt_check_issuer_openai = {"openai", SILT_CHECK_STRUCTURE, run_openai};
const struct silt_check silt_check_issuer_anthropic = {"anthropic", SILT_CHECK_STRUCTURE, run_anthropic};
const struct silt_check silt_check_issuer_notion = {"notion", SILT_CHECK_STRUCTURE, run_notion};
const struct silt_check silt_check_issuer_jfrog = {"jfrog-reference", SILT_CHECK_STRUCTURE, run_jfrog};
const struct silt_check silt_check_issuer_bitbucket = {"bitbucket-dc", SILT_CHECK_STRUCTURE, run_bitbucket};
