/*
 * check_file.c: files of text that are credentials by their name, if they hold what the name promises. What
 * holds no entry is no secret (Debian ships chap-secrets and passwd.client with comments only); what is of
 * another form than its name says is told with less confidence.
 *
 * Sources: pppd(8); Debian's exim4_passwd_client(5); smbpasswd(5); postfix SASL_README; "OpenVPN reference
 * manual", inline files; gh, hub and glab configuration manuals; "Application Default Credentials"
 * (cloud.google.com); Terraform "State" (lineage, terraform_version); Rails guide "Custom Credentials";
 * erl(1), magic cookie.
 */
#include "confirm/check_file.h"

#include <ctype.h>

static struct silt_span trim(struct silt_span line)
{
    while (line.size > 0 && (isspace(line.data[0]) || line.data[0] == 0))
        line = silt_span_slice(line, 1, line.size);
    while (line.size > 0 && (isspace(line.data[line.size - 1]) || line.data[line.size - 1] == 0))
        line.size--;
    return line;
}

bool silt_check_file_line(struct silt_span *text, struct silt_span *line)
{
    if (text->size == 0)
        return false;
    const uint8_t *newline = memchr(text->data, '\n', text->size);
    size_t size = newline != NULL ? (size_t)(newline - text->data) : text->size;
    *line = trim(silt_span_slice(*text, 0, size));
    *text = silt_span_slice(*text, size + 1, text->size);
    return true;
}

bool silt_check_file_is_entry(struct silt_span line)
{
    return line.size > 0 && line.data[0] != '#' && line.data[0] != ';' && !silt_span_has_prefix(line, "//");
}

bool silt_check_file_holds(struct silt_span text, const char *word)
{
    return text.size > 0 && memmem(text.data, text.size, word, strlen(word)) != NULL;
}

void silt_check_file_rule_empty(struct silt_ruling *out, const char *why)
{
    out->is_noise = true;
    silt_check_rule(out, false, "%s", why);
}

static size_t count_entries(struct silt_span text)
{
    size_t count = 0;
    struct silt_span line;
    while (silt_check_file_line(&text, &line))
        count += silt_check_file_is_entry(line);
    return count;
}

/* Any text with entries, or binary. */
static void run_entries(const struct silt_claim *claim, struct silt_ruling *out)
{
    if (count_entries(claim->secret) == 0)
        silt_check_file_rule_empty(out, "no entries");
}

/* ---- private keys in files of their own ---- */

static void run_private_key(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char *const headers[] = {"PRIVATE KEY-----", "SSH PRIVATE KEY FILE FORMAT 1.1",
                                          "PuTTY-User-Key-File-"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (silt_check_file_holds(claim->secret, headers[i])) {
            silt_check_rule(out, true, "private key file");
            return;
        }
    bool is_public = silt_span_has_prefix(claim->secret, "ssh-") ||
                     silt_span_has_prefix(claim->secret, "ecdsa-sha2-") ||
                     silt_check_file_holds(claim->secret, "PUBLIC KEY---");
    if (is_public || count_entries(claim->secret) == 0)
        silt_check_file_rule_empty(out, is_public ? "a public key" : "no key");
    else
        silt_check_rule(out, false, "no private key in a known form");
}

/* ---- one secret and nothing else ---- */

/* The only line that is not blank; false if there are more, or none. */
static bool only_line(struct silt_span text, struct silt_span *out)
{
    size_t count = 0;
    struct silt_span line;
    while (silt_check_file_line(&text, &line))
        if (line.size > 0 && ++count == 1)
            *out = line;
    return count == 1;
}

static bool is_one_word(struct silt_span line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] <= ' ' || line.data[i] >= 0x7f)
            return false;
    return true;
}

static void run_one_word(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { WORD_MAX = 4096 };
    struct silt_span line = {NULL, 0};
    if (count_entries(claim->secret) == 0)
        silt_check_file_rule_empty(out, "no token");
    else if (!only_line(claim->secret, &line) || !is_one_word(line) || line.size > WORD_MAX)
        silt_check_rule(out, false, "more than one word");
    else
        silt_check_note(out, "one word of %zu characters", line.size);
}

/* A password, or a program that asks somebody for it. */
static void run_password(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_span line = {NULL, 0};
    if (silt_span_has_prefix(claim->secret, "#!"))
        silt_check_file_rule_empty(out, "a program that gets the password elsewhere");
    else if (count_entries(claim->secret) == 0)
        silt_check_file_rule_empty(out, "no password");
    else if (!only_line(claim->secret, &line))
        silt_check_rule(out, false, "more than one line");
}

static bool is_hex(struct silt_span line)
{
    for (size_t i = 0; i < line.size; i++)
        if (!isxdigit(line.data[i]))
            return false;
    return true;
}

/* AES-128-GCM for credentials (32 digits), AES-256 in old applications (64). */
static void run_rails_key(const struct silt_claim *claim, struct silt_ruling *out)
{
    struct silt_span line = {NULL, 0};
    bool fits = only_line(claim->secret, &line) && (line.size == 32 || line.size == 64) && is_hex(line);
    if (count_entries(claim->secret) == 0)
        silt_check_file_rule_empty(out, "no key");
    else
        silt_check_rule(out, fits, fits ? "key of %zu bytes" : "no key in hexadecimal", line.size / 2);
}

/* ---- settings that may hold a token ---- */

/* Whether a line is `KEY: value` or `KEY = value` with a value, for a key among several. */
static bool sets(struct silt_span line, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        if (!silt_span_has_prefix(line, *keys))
            continue;
        struct silt_span rest = trim(silt_span_slice(line, strlen(*keys), line.size));
        if (rest.size == 0 || (rest.data[0] != ':' && rest.data[0] != '='))
            continue;
        rest = trim(silt_span_slice(rest, 1, rest.size));
        if (rest.size > 0 && !silt_span_is_text(rest, "\"\"") && !silt_span_is_text(rest, "''") &&
            !silt_span_is_text(rest, "null"))
            return true;
    }
    return false;
}

static bool any_line_sets(struct silt_span text, const char *const *keys)
{
    struct silt_span line;
    while (silt_check_file_line(&text, &line)) {
        if (silt_span_has_prefix(line, "- "))
            line = trim(silt_span_slice(line, 2, line.size));
        if (sets(line, keys))
            return true;
    }
    return false;
}

/* gh, hub, glab, tea: names of hosts and users, and a token unless that is in a keyring. */
static void run_forge_token(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char *const keys[] = {"oauth_token", "token", NULL};
    if (any_line_sets(claim->secret, keys))
        silt_check_note(out, "holds a token");
    else
        silt_check_file_rule_empty(out, "no token in it");
}

static void run_openstack(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char *const keys[] = {
        "password", "application_credential_secret", "token", "passcode", "totp", "client_secret", NULL};
    if (any_line_sets(claim->secret, keys))
        silt_check_note(out, "holds a password or secret");
    else
        silt_check_file_rule_empty(out, "no password in it");
}

/* A profile is a secret by the key inside it. */
static void run_openvpn(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char *const inside[] = {"<key>",       "<pkcs12>",       "<secret>",        "<tls-auth>",
                                         "<tls-crypt>", "<tls-crypt-v2>", "<auth-user-pass>"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        if (silt_check_file_holds(claim->secret, inside[i])) {
            silt_check_note(out, "holds %s", inside[i]);
            return;
        }
    silt_check_file_rule_empty(out, "no key or password in it");
}

/* ---- JSON ---- */

static bool is_json(struct silt_span text)
{
    text = trim(text);
    return text.size > 1 && (text.data[0] == '{' || text.data[0] == '[');
}

static bool is_empty_json(struct silt_span text)
{
    size_t others = 0;
    for (size_t i = 0; i < text.size; i++)
        others += !isspace(text.data[i]) && text.data[i] != 0;
    text = trim(text);
    return others == 0 || (others == 2 && is_json(text));
}

/* Members of which one is there wherever a secret is. */
static void rule_members(const struct silt_claim *claim, const char *const *members, struct silt_ruling *out)
{
    if (is_empty_json(claim->secret)) {
        silt_check_file_rule_empty(out, "nothing in it");
        return;
    }
    for (; *members != NULL; members++)
        if (silt_check_file_holds(claim->secret, *members)) {
            silt_check_note(out, "holds %s", *members);
            return;
        }
    if (is_json(claim->secret))
        silt_check_rule(out, false, "JSON without a secret member that is known");
}

/* A configuration for workload identity names where to get a token and holds none. */
static void run_google_adc(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char *const members[] = {"\"private_key\"", "\"refresh_token\"", "\"client_secret\"", NULL};
    bool is_external = silt_check_file_holds(claim->secret, "\"external_account\"") &&
                       !silt_check_file_holds(claim->secret, members[2]);
    if (is_external)
        silt_check_file_rule_empty(out, "names where a token is got, and holds none");
    else
        rule_members(claim, members, out);
}

static void run_azure_cache(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char *const members[] = {"efreshToken\"",         "\"secret\"",    "ccessToken\"",
                                          "ervicePrincipalSecret", "client_secret", NULL};
    rule_members(claim, members, out);
}

/* A state without resources and outputs, as `terraform init` or `destroy` leave it. */
static void run_terraform_state(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const char *const members[] = {"\"resources\"", "\"modules\"", "\"backend\"", NULL};
    struct silt_span text = claim->secret;
    bool is_state =
        silt_check_file_holds(text, "\"terraform_version\"") || silt_check_file_holds(text, "\"lineage\"");
    bool has_nothing =
        silt_check_file_holds(text, "\"resources\": []") && silt_check_file_holds(text, "\"outputs\": {}");
    if (is_state && has_nothing && !silt_check_file_holds(text, members[2]))
        silt_check_file_rule_empty(out, "a state without resources and outputs");
    else if (is_state)
        silt_check_rule(out, true, "Terraform state");
    else
        rule_members(claim, members, out);
}

const struct silt_check silt_check_file_entries = {"file-entries", SILT_CHECK_SHAPE, run_entries};
const struct silt_check silt_check_file_private_key = {"file-private-key", SILT_CHECK_STRUCTURE,
                                                       run_private_key};
const struct silt_check silt_check_file_one_word = {"file-one-word", SILT_CHECK_SHAPE, run_one_word};
const struct silt_check silt_check_file_password = {"file-password", SILT_CHECK_SHAPE, run_password};
const struct silt_check silt_check_file_rails_key = {"file-rails-key", SILT_CHECK_STRUCTURE, run_rails_key};
const struct silt_check silt_check_file_forge_token = {"file-forge-token", SILT_CHECK_SHAPE, run_forge_token};
const struct silt_check silt_check_file_openstack = {"file-openstack", SILT_CHECK_SHAPE, run_openstack};
const struct silt_check silt_check_file_openvpn = {"file-openvpn", SILT_CHECK_SHAPE, run_openvpn};
const struct silt_check silt_check_file_google_adc = {"file-google-adc", SILT_CHECK_SHAPE, run_google_adc};
const struct silt_check silt_check_file_azure_cache = {"file-azure-cache", SILT_CHECK_SHAPE, run_azure_cache};
const struct silt_check silt_check_file_terraform_state = {"file-terraform-state", SILT_CHECK_SHAPE,
                                                           run_terraform_state};
