/*
 * settings_load.c: settings put together and checked as a whole. The order is fallback, file, environment,
 * command line; lists grow.
 */
#include "serve/settings_load.h"

#include "escape.h"
#include "serve/hook.h"
#include "serve/http/address.h"
#include "serve/settings_file.h"
#include "serve/settings_secret.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tells something; answers false, as what is told is mostly a mistake. */
static bool complain(const char *what, const char *about, const char *why)
{
    fprintf(stderr, "silt: %s", what);
    silt_escape_print_text(stderr, about);
    fprintf(stderr, "%s\n", why);
    return false;
}

static const char *keep(struct silt_settings *settings, const char *text, size_t size)
{
    return silt_words_put(&settings->kept, text, size) ? settings->kept.items[settings->kept.count - 1]
                                                       : NULL;
}

/* The state directory */

static bool choose_state_dir(struct silt_settings *settings)
{
    char path[PATH_MAX] = "";
    const char *given = getenv("STATE_DIRECTORY"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (settings->state_dir != NULL)
        return true;
    if (given != NULL && given[0] == '/')
        snprintf(path, sizeof path, "%.*s", (int)strcspn(given, ":"), given);
    else if (state != NULL && state[0] == '/')
        snprintf(path, sizeof path, "%s/silt", state);
    else if (home != NULL && home[0] == '/')
        snprintf(path, sizeof path, "%s/.local/state/silt", home);
    else
        return complain("", "--state-dir", " is needed: no variable says where state is kept");
    settings->state_dir = keep(settings, path, strlen(path));
    return settings->state_dir != NULL || complain("out of memory", "", "");
}

/* Makes a directory with those above it, for this user only. */
static bool make_directory(const char *path)
{
    char part[PATH_MAX];
    size_t size = strlen(path);
    if (size >= sizeof part)
        return complain("state-dir: ", path, ": the path is too long");
    for (size_t i = 1; i <= size; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return complain("state-dir: ", part, strerror(errno));
    }
    return access(path, W_OK) == 0 || complain("state-dir: cannot write to ", path, "");
}

/* Registries */

static struct silt_settings_registry *find_host(struct silt_settings *settings, const char *host, size_t size)
{
    for (size_t i = 0; i < settings->registry_count; i++)
        if (strncasecmp(settings->registries[i].host, host, size) == 0 &&
            settings->registries[i].host[size] == '\0')
            return &settings->registries[i];
    return NULL;
}

/* Adds HOST[=ALIAS,…] of the command line. */
static bool add_registry(struct silt_settings_options *options, const char *text)
{
    struct silt_settings *settings = &options->settings;
    size_t size = strcspn(text, "=");
    struct silt_settings_registry *registry = find_host(settings, text, size);
    if (registry == NULL) {
        registry = realloc(settings->registries, (settings->registry_count + 1) * sizeof *registry);
        if (registry == NULL)
            return complain("out of memory", "", "");
        settings->registries = registry;
        registry += settings->registry_count++;
        *registry = (struct silt_settings_registry){.host = keep(settings, text, size),
                                                    .ca = options->ca,
                                                    .concurrency = options->concurrency,
                                                    .sweep_ms = options->sweep_ms};
    }
    bool has_aliases = text[size] == '=';
    return (registry->host != NULL &&
            (!has_aliases || silt_words_put_parts(&registry->aliases, text + size + 1))) ||
           complain("out of memory", "", "");
}

static bool mark_registries(struct silt_settings *settings, const struct silt_words *hosts,
                            const char *option, size_t offset)
{
    for (size_t i = 0; i < hosts->count; i++) {
        struct silt_settings_registry *registry =
            find_host(settings, hosts->items[i], strlen(hosts->items[i]));
        if (registry == NULL)
            return complain(option, hosts->items[i], " is no registry that --registry or the file names");
        *(bool *)((char *)registry + offset) = true;
    }
    return true;
}

static bool check_registry(const struct silt_settings_registry *registry)
{
    struct silt_error error = {0};
    char target[512], host[300] = "";
    snprintf(target, sizeof target, "docker://%s", registry->host);
    if (silt_target_host(target, true, host, sizeof host, &error) != SILT_OK)
        return complain("registries: ", registry->host, " is no host, as in registry.example.com:5000");
    snprintf(target, sizeof target, "docker://%s/image", registry->host);
    if (silt_target_host(target, false, host, sizeof host, &error) != SILT_OK ||
        strcmp(host, registry->host) != 0)
        return complain("registries: ", registry->host,
                        " would be read as the name of an image on Docker Hub; write its port too");
    if ((registry->username != NULL) != (registry->password != NULL))
        return complain("registries: ", registry->host, ": username and password belong together");
    if (registry->ca != NULL && access(registry->ca, R_OK) != 0)
        return complain("registries: cannot read ", registry->ca, "");
    return true;
}

static bool set_registries(struct silt_settings_options *options)
{
    struct silt_settings *settings = &options->settings;
    for (size_t i = 0; i < options->registries.count; i++)
        if (!add_registry(options, options->registries.items[i]))
            return false;
    if (settings->registry_count == 0)
        return complain("", "no registry is named",
                        ": --registry HOST, or \"registries\" in the file of --config.\n"
                        "  Only registries that are named are ever contacted.");
    for (size_t i = 0; i < settings->registry_count; i++)
        if (!check_registry(&settings->registries[i]))
            return false;
    return mark_registries(settings, &options->plain_http,
                           "--plain-http: ", offsetof(struct silt_settings_registry, plain_http)) &&
           mark_registries(settings, &options->insecure,
                           "--insecure-registry: ", offsetof(struct silt_settings_registry, insecure));
}

/* Secrets */

/* The secret of a variable, else of the file that an option names, else one made in the state directory. */
static char *find_secret(const struct silt_settings *settings, const char *variable, const char *file,
                         const char *made)
{
    char path[PATH_MAX], why[256];
    char *secret = silt_settings_secret_variable(variable, why, sizeof why);
    if (secret == NULL && file != NULL)
        secret = silt_settings_secret_read(file, why, sizeof why);
    else if (secret == NULL) {
        snprintf(path, sizeof path, "%s/%s", settings->state_dir, made);
        secret = silt_settings_secret_make(path, why, sizeof why);
        if (secret != NULL)
            fprintf(stderr, "silt: the %s is in %s\n", made, path);
    }
    if (secret == NULL)
        complain("", why, "");
    return secret;
}

static bool add_tokens(struct silt_settings *settings, char *lines)
{
    char *rest = lines, *line;
    while ((line = strsep(&rest, "\r\n")) != NULL) {
        if (line[0] == '\0')
            continue;
        if (strlen(line) < SILT_SETTINGS_SECRET_LEAST)
            return complain("", "an API token", " must have at least 16 characters");
        if (!silt_words_put(&settings->tokens, line, strlen(line)))
            return complain("out of memory", "", "");
    }
    return true;
}

static bool set_tokens(struct silt_settings_options *options)
{
    struct silt_settings *settings = &options->settings;
    if (settings->tokens.count > 0 && options->token_file == NULL && getenv("SILT_TOKEN") == NULL)
        return true;
    char *secret = find_secret(settings, "SILT_TOKEN", options->token_file, "api-token");
    bool is_set = secret != NULL && add_tokens(settings, secret);
    silt_settings_secret_free(secret);
    return is_set;
}

static bool set_hook_secret(struct silt_settings_options *options)
{
    struct silt_settings *settings = &options->settings;
    if (settings->hook_count > 0 && options->hook_secret_file == NULL && getenv("SILT_HOOK_SECRET") == NULL)
        return true;
    char *secret = find_secret(settings, "SILT_HOOK_SECRET", options->hook_secret_file, "hook-secret");
    if (secret == NULL)
        return false;
    bool is_long = strlen(secret) >= SILT_SETTINGS_SECRET_LEAST;
    const char *kept = keep(settings, secret, strlen(secret));
    silt_settings_secret_free(secret);
    struct silt_settings_hook *hooks =
        realloc(settings->hooks, (settings->hook_count + 1) * sizeof *settings->hooks);
    if (hooks == NULL || kept == NULL)
        return complain("out of memory", "", "");
    settings->hooks = hooks;
    hooks[settings->hook_count++] = (struct silt_settings_hook){
        "*", kept, settings->registry_count == 1 ? settings->registries[0].host : NULL};
    return is_long || complain("", "the hook secret", " must have at least 16 characters");
}

/* Checks */

static bool check_hooks(const struct silt_settings *settings)
{
    for (size_t i = 0; i < settings->hook_count; i++) {
        const char *host = settings->hooks[i].registry, *dialect = settings->hooks[i].dialect;
        if (strcmp(dialect, "*") != 0 && silt_hook_find(dialect) == NULL)
            return complain("hooks: ", dialect, " is no dialect; silt serve --help lists them");
        if (host != NULL && silt_settings_find_registry(settings, host) == NULL)
            return complain("hooks: ", host, " is not one of the registries");
    }
    return true;
}

static bool check_announcements(const struct silt_settings *settings)
{
    for (size_t i = 0; i < settings->announcement_count; i++) {
        const struct silt_settings_announcement *it = &settings->announcements[i];
        bool is_sent = strcmp(it->kind, "referrer") != 0;
        bool is_web =
            it->url != NULL && (strncmp(it->url, "https://", 8) == 0 || strncmp(it->url, "http://", 7) == 0);
        if (is_sent && !is_web)
            return complain("announcements: ", it->kind, ": its url must begin with https:// or http://");
        if (!is_sent && it->url != NULL)
            return complain("announcements: ", it->kind, " has no url: it goes to the image's registry");
        if (it->ca != NULL && access(it->ca, R_OK) != 0)
            return complain("announcements: cannot read ", it->ca, "");
    }
    return true;
}

static bool check_server(const struct silt_settings *settings)
{
    if ((settings->tls_cert != NULL) != (settings->tls_key != NULL))
        return complain("", "tls-cert and tls-key", " belong together");
    for (size_t i = 0; i < settings->trusted_proxies.count; i++)
        if (!silt_address_is_network(settings->trusted_proxies.items[i]))
            return complain("trusted-proxy: ", settings->trusted_proxies.items[i],
                            " is no address, and no network such as 10.0.0.0/8");
    if (settings->max_body < 1024 || settings->max_memory < 64 * 1024 * 1024)
        return complain("", settings->max_body < 1024 ? "max-body" : "max-memory",
                        settings->max_body < 1024 ? " must be at least 1K" : " must be at least 64M");
    return true;
}

static bool read_file(struct silt_settings_options *options, const char *path,
                      struct silt_settings_file *file)
{
    return path == NULL || silt_settings_file_open(file, path, &options->settings.kept);
}

/* Which file --config names: the command line is read once for that alone. */
static bool find_config(char *const *words, const char **path)
{
    struct silt_settings_options options = {0};
    struct silt_words operands = {0};
    bool is_good = silt_options_parse(silt_settings_options_rows, words, &options, &operands, stderr);
    if (is_good && operands.count > 0)
        is_good = complain("silt serve takes no argument: ", operands.items[0], "");
    *path = options.config;
    silt_words_clear(&operands);
    silt_options_clear(silt_settings_options_rows, &options);
    return is_good;
}

bool silt_settings_load(struct silt_settings_options *options, char *const *words)
{
    struct silt_settings_file file = {0};
    struct silt_words operands = {0};
    struct silt_settings *settings = &options->settings;
    const char *path;
    bool is_good = find_config(words, &path) && read_file(options, path, &file) &&
                   silt_options_parse_over(silt_settings_options_rows, file.presets, words, options,
                                           &operands, stderr) &&
                   (path == NULL || silt_settings_file_read(&file, options, settings)) &&
                   set_registries(options) && check_server(settings) && choose_state_dir(settings) &&
                   make_directory(settings->state_dir) && set_tokens(options) && set_hook_secret(options) &&
                   check_hooks(settings) && check_announcements(settings);
    silt_words_clear(&operands);
    silt_settings_file_clear(&file);
    return is_good;
}

void silt_settings_load_clear(struct silt_settings_options *options)
{
    silt_words_clear(&options->registries);
    silt_words_clear(&options->plain_http);
    silt_words_clear(&options->insecure);
    silt_settings_clear(&options->settings);
}
