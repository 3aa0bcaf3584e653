/*
 * reach.c: registries of the settings as the engine wants them. A login is shown to the host it is for only.
 */
#include "serve/reach.h"

#include "credentials.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONNECT_MS = 10 * 1000, STALL_MS = 30 * 1000 };

/* One registry: its options borrow from here. */
struct door {
    const struct silt_settings_registry *registry;
    struct silt_reach *reach;
    struct silt_registry_options options;
    const char *host_alone[2];
};

struct silt_reach {
    const struct silt_settings *settings;
    struct silt_credentials credentials;
    pthread_mutex_t mutex; /* around credentials: helpers are programs */
    struct door *doors;    /* one a registry of the settings, in their order */
};

static enum silt_status find_login(void *context, const char *host, const char *repository,
                                   struct silt_login *out, struct silt_error *error)
{
    const struct door *door = context;
    const struct silt_settings_registry *registry = door->registry;
    out->kind = SILT_LOGIN_NONE;
    if (strcasecmp(host, registry->host) != 0)
        return SILT_OK;
    if (registry->username != NULL) {
        bool fits = strlen(registry->username) < sizeof out->username &&
                    strlen(registry->password) < sizeof out->secret;
        snprintf(out->username, sizeof out->username, "%s", registry->username);
        snprintf(out->secret, sizeof out->secret, "%s", registry->password);
        out->kind = SILT_LOGIN_PASSWORD;
        return fits ? SILT_OK : SILT_ERR_LIMIT;
    }
    pthread_mutex_lock(&door->reach->mutex);
    enum silt_status status = silt_credentials_find(&door->reach->credentials, host, repository, out, error);
    pthread_mutex_unlock(&door->reach->mutex);
    return status;
}

static void set_up(struct silt_reach *reach, struct door *door, const struct silt_settings_registry *registry)
{
    struct silt_registry_options *options = &door->options;
    door->registry = registry;
    door->reach = reach;
    door->host_alone[0] = registry->host;
    silt_registry_options_init(options);
    options->find_login = find_login;
    options->login_context = door;
    options->ca_file = registry->ca;
    options->plain_http = registry->plain_http ? door->host_alone : NULL;
    options->insecure = registry->insecure ? door->host_alone : NULL;
    options->connect_ms = CONNECT_MS;
    options->stall_ms = STALL_MS;
    options->referrers = reach->settings->referrers;
}

enum silt_status silt_reach_new(const struct silt_settings *settings, struct silt_reach **out,
                                struct silt_error *error)
{
    struct silt_reach *reach = calloc(1, sizeof *reach);
    struct door *doors = calloc(settings->registry_count + 1, sizeof *doors);
    if (reach == NULL || doors == NULL) {
        free(reach);
        free(doors);
        if (error != NULL)
            snprintf(error->message, sizeof error->message, "out of memory");
        return SILT_ERR_MEMORY;
    }
    reach->settings = settings;
    reach->doors = doors;
    pthread_mutex_init(&reach->mutex, NULL);
    for (size_t i = 0; i < settings->registry_count; i++)
        set_up(reach, &doors[i], &settings->registries[i]);
    *out = reach;
    return silt_credentials_list_files(&reach->credentials) ? SILT_OK : SILT_ERR_MEMORY;
}

void silt_reach_free(struct silt_reach *reach)
{
    if (reach == NULL)
        return;
    silt_credentials_clear(&reach->credentials);
    pthread_mutex_destroy(&reach->mutex);
    free(reach->doors);
    free(reach);
}

const struct silt_registry_options *silt_reach_options(const struct silt_reach *reach,
                                                       const struct silt_settings_registry *registry)
{
    return &reach->doors[registry - reach->settings->registries].options;
}
