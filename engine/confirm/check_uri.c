/*
 * check_uri.c: passwords in URIs (RFC 3986, section 3.2.1): user:password@host. A secret with :// is a whole
 * URI; else it is the password, and user and host stand around it.
 */
#include "confirm/check.h"
#include "confirm/placeholder.h"

#include <ctype.h>
#include <strings.h>

enum { PASSWORD_MAX = 256, HOST_SHOWN = 80 };

struct parts {
    struct silt_span user, password, host;
};

static bool ends_host(uint8_t c)
{
    return c <= ' ' || c > '~' || strchr("/?#:,\"'`<>\\;)]}", c) != NULL;
}

static struct silt_span host_of(struct silt_span after)
{
    size_t size = 0;
    if (after.size > 0 && after.data[0] == '[') { /* an IPv6 literal */
        const uint8_t *end = memchr(after.data, ']', after.size);
        return silt_span_slice(after, 0, end != NULL ? (size_t)(end - after.data) + 1 : 0);
    }
    while (size < after.size && !ends_host(after.data[size]))
        size++;
    return silt_span_slice(after, 0, size);
}

/* What stands behind the last "//" and before the end. */
static struct silt_span user_of(struct silt_span before)
{
    for (size_t i = before.size; i >= 2; i--)
        if (before.data[i - 1] == '/' && before.data[i - 2] == '/')
            return silt_span_slice(before, i, before.size);
    return (struct silt_span){0};
}

static struct parts split(const struct silt_claim *claim)
{
    struct silt_span secret = claim->secret, before = claim->before, after = claim->after;
    const uint8_t *scheme = secret.size == 0 ? NULL : memmem(secret.data, secret.size, "://", 3);
    if (scheme != NULL) {
        struct silt_span rest = silt_span_slice(secret, (size_t)(scheme - secret.data) + 3, secret.size);
        const uint8_t *slash = rest.size > 0 ? memchr(rest.data, '/', rest.size) : NULL;
        size_t authority = slash != NULL ? (size_t)(slash - rest.data) : rest.size;
        const uint8_t *at = authority > 0 ? memrchr(rest.data, '@', authority) : NULL;
        size_t login = at != NULL ? (size_t)(at - rest.data) : 0;
        const uint8_t *colon = login > 0 ? memchr(rest.data, ':', login) : NULL;
        size_t user = colon != NULL ? (size_t)(colon - rest.data) : login;
        return (struct parts){silt_span_slice(rest, 0, user),
                              silt_span_slice(rest, user + 1, login - user - (user < login)),
                              host_of(silt_span_slice(rest, login + 1, rest.size))};
    }
    if (before.size > 0 && before.data[before.size - 1] == ':')
        before.size--;
    if (after.size > 0 && after.data[0] == '@')
        after = silt_span_slice(after, 1, after.size);
    else
        after.size = 0;
    return (struct parts){user_of(before), secret, host_of(after)};
}

static int hex_value(uint8_t c)
{
    return isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

/* Undoes percent-encoding (RFC 3986, section 2.1). */
static size_t decode(struct silt_span text, uint8_t out[PASSWORD_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < text.size && count < PASSWORD_MAX; i++) {
        uint8_t c = text.data[i];
        if (c == '%' && i + 2 < text.size && hex_value(text.data[i + 1]) >= 0 &&
            hex_value(text.data[i + 2]) >= 0) {
            c = (uint8_t)(hex_value(text.data[i + 1]) << 4 | hex_value(text.data[i + 2]));
            i += 2;
        }
        out[count++] = c;
    }
    return count;
}

static bool is_one_of(struct silt_span text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strlen(*words) == text.size &&
            (text.size == 0 || strncasecmp((const char *)text.data, *words, text.size) == 0))
            return true;
    return false;
}

/* user:password@ as documentation has it. */
static bool is_sample_login(struct silt_span user, struct silt_span password)
{
    static const char *const users[] = {"user", "username", "usr", "name", "login",
                                        "me",   "myuser",   "u",   "",     NULL};
    static const char *const passwords[] = {"pass",   "password",   "passwd",   "pwd", "pw", "secret",
                                            "mypass", "mypassword", "userpass", "p",   NULL};
    return is_one_of(user, users) && is_one_of(password, passwords);
}

/* Names kept for documentation and tests (RFC 2606; RFC 6761), and this machine. */
static bool is_harmless(struct silt_span host)
{
    static const char *const names[] = {
        "localhost",   "127.0.0.1",   "[::1]",       "0.0.0.0", "host.docker.internal",
        "example.com", "example.org", "example.net", "host",    "hostname",
        NULL};
    static const char *const endings[] = {".localhost",   ".example",     ".test",       ".invalid",
                                          ".example.com", ".example.org", ".example.net"};
    if (is_one_of(host, names))
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (silt_span_has_suffix(host, endings[i]))
            return true;
    return false;
}

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    uint8_t decoded[PASSWORD_MAX];
    struct parts parts = split(claim);
    struct silt_span password = silt_span_of(decoded, decode(parts.password, decoded));
    int shown = parts.host.size < HOST_SHOWN ? (int)parts.host.size : HOST_SHOWN;
    out->is_noise = silt_placeholder_kind(parts.password) != SILT_PLACEHOLDER_NONE ||
                    silt_placeholder_kind(password) != SILT_PLACEHOLDER_NONE ||
                    is_sample_login(parts.user, password);
    out->is_lowered = parts.host.size > 0 && is_harmless(parts.host);
    if (password.size == 0)
        silt_check_rule(out, false, "no password");
    else if (parts.host.size > 0)
        silt_check_rule(out, true, "password for host %.*s", shown, (const char *)parts.host.data);
    explicit_bzero(decoded, sizeof decoded);
}

const struct silt_check silt_check_uri_password = {"uri-password", SILT_CHECK_SHAPE, run};
