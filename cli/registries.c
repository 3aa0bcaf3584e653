/*
 * registries.c: what the engine must not find out by itself.
 */
#include "registries.h"

#include "escape.h"
#include "since.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool complain(const char *what, const char *about, const char *why)
{
    fprintf(stderr, "silt: %s", what);
    silt_escape_print_text(stderr, about);
    fprintf(stderr, "%s\n", why);
    return false;
}

/* The first of two variables that is set and not empty, or NULL. */
static const char *variable(const char *name, const char *other)
{
    const char *value = getenv(name);
    if (value == NULL || value[0] == '\0')
        value = other != NULL ? getenv(other) : NULL;
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* As curl reads them: HTTP_PROXY in capitals is what a web server would set for a header that a client sent.
 */
static void set_proxies(struct silt_registry_options *options)
{
    const char *all = variable("all_proxy", "ALL_PROXY");
    options->https_proxy = variable("https_proxy", "HTTPS_PROXY");
    options->http_proxy = variable("http_proxy", NULL);
    options->no_proxy = variable("no_proxy", "NO_PROXY");
    options->https_proxy = options->https_proxy != NULL ? options->https_proxy : all;
    options->http_proxy = options->http_proxy != NULL ? options->http_proxy : all;
}

/* A socket below a directory that a variable names ("" for the root), if it is there. */
static bool find_socket(struct silt_registries *registries, const char *directory, const char *name)
{
    if (directory == NULL)
        return false;
    int size = snprintf(registries->daemon, sizeof registries->daemon, "unix://%s/%s", directory, name);
    return size > 0 && (size_t)size < sizeof registries->daemon &&
           access(registries->daemon + strlen("unix://"), F_OK) == 0;
}

/* Docker's address, or the first of the usual sockets that is there, Docker's before podman's. */
static void set_daemon(struct silt_registries *registries)
{
    struct silt_registry_options *options = &registries->options;
    static const char *const names[] = {"ca.pem", "cert.pem", "key.pem"};
    const char *folder = variable("DOCKER_CERT_PATH", NULL), *home = variable("XDG_RUNTIME_DIR", NULL);
    options->daemon = variable("DOCKER_HOST", "CONTAINER_HOST");
    options->daemon_tls = variable("DOCKER_TLS_VERIFY", NULL) != NULL;
    for (size_t i = 0; folder != NULL && i < 3; i++)
        snprintf(registries->daemon_files[i], sizeof registries->daemon_files[i], "%s/%s", folder, names[i]);
    options->daemon_ca = folder != NULL ? registries->daemon_files[0] : NULL;
    options->daemon_cert = folder != NULL ? registries->daemon_files[1] : NULL;
    options->daemon_key = folder != NULL ? registries->daemon_files[2] : NULL;
    if (options->daemon == NULL &&
        (find_socket(registries, "/var/run", "docker.sock") || find_socket(registries, home, "docker.sock") ||
         find_socket(registries, "/run/podman", "podman.sock") ||
         find_socket(registries, home, "podman/podman.sock")))
        options->daemon = registries->daemon;
}

/* Finds the one registry that a typed login is for: it must not be shown to another one. */
static bool find_login_host(struct silt_registries *registries, bool is_catalog,
                            const struct silt_words *targets)
{
    char *host = registries->credentials.host, other[sizeof registries->credentials.host];
    for (size_t i = 0; i < targets->count; i++) {
        other[0] = '\0';
        if (silt_target_host(targets->items[i], is_catalog, other, sizeof other, NULL) != SILT_OK)
            continue; /* the scan will say what is wrong */
        if (other[0] != '\0' && host[0] != '\0' && strcmp(host, other) != 0)
            return complain("--username is for one registry, and the targets are in two: ", other,
                            "; docker login keeps a login for each");
        if (other[0] != '\0')
            strcpy(host, other);
    }
    return true;
}

static bool set_login(struct silt_registries *registries, const struct silt_scan_settings *settings,
                      const struct silt_words *targets)
{
    struct silt_credentials *credentials = &registries->credentials;
    registries->options.find_login = silt_credentials_find;
    registries->options.login_context = credentials;
    if ((settings->username != NULL) != settings->password_stdin)
        return complain("", "--username and --password-stdin", " belong together");
    if (settings->username == NULL)
        return silt_credentials_list_files(credentials) || complain("", "out of memory", "");
    for (size_t i = 0; i < targets->count; i++)
        if (strcmp(targets->items[i], "-") == 0)
            return complain("", "--password-stdin", " and target - both read standard input");
    credentials->username = settings->username;
    return find_login_host(registries, settings->catalog, targets) &&
           silt_credentials_read_password(credentials);
}

static bool set_since(struct silt_registry_options *options, const char *text)
{
    if (text == NULL || silt_since_parse(text, (int64_t)time(NULL), &options->since))
        return true;
    return complain("--since: ", text, " is neither a date such as 2025-01-31 nor an age such as 36h or 7d");
}

static bool set_trust(struct silt_registry_options *options, const struct silt_scan_settings *settings)
{
    const char *const files[] = {settings->ca, settings->client_cert, settings->client_key};
    options->ca_file = settings->ca;
    options->client_cert = settings->client_cert;
    options->client_key = settings->client_key != NULL ? settings->client_key : settings->client_cert;
    options->plain_http = (const char *const *)settings->plain_http.items;
    options->insecure = (const char *const *)settings->insecure_registry.items;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i] != NULL && access(files[i], R_OK) != 0)
            return complain("cannot read ", files[i], "");
    return true;
}

bool silt_registries_set_up(struct silt_registries *registries, const struct silt_scan_settings *settings,
                            const struct silt_words *targets)
{
    struct silt_registry_options *options = &registries->options;
    silt_registry_options_init(options);
    options->all_tags = settings->all_tags;
    options->catalog = settings->catalog;
    options->referrers = settings->referrers;
    options->stall_ms = settings->stall_timeout_ms;
    set_proxies(options);
    set_daemon(registries);
    return set_since(options, settings->since) && set_trust(options, settings) &&
           set_login(registries, settings, targets);
}

void silt_registries_clear(struct silt_registries *registries)
{
    silt_credentials_clear(&registries->credentials);
}
