/*
 * settings.c: settings looked up and let go.
 */
#include "settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool has_name(const struct silt_settings_registry *registry, const char *name)
{
    bool is_named = strcasecmp(registry->host, name) == 0;
    for (size_t i = 0; i < registry->aliases.count && !is_named; i++)
        is_named = strcasecmp(registry->aliases.items[i], name) == 0;
    return is_named;
}

const struct silt_settings_registry *silt_settings_find_registry(const struct silt_settings *settings,
                                                                 const char *name)
{
    for (size_t i = 0; i < settings->registry_count; i++)
        if (has_name(&settings->registries[i], name))
            return &settings->registries[i];
    return NULL;
}

static void wipe(struct silt_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        explicit_bzero(words->items[i], strlen(words->items[i]));
    silt_words_clear(words);
}

void silt_settings_clear(struct silt_settings *settings)
{
    for (size_t i = 0; i < settings->registry_count; i++)
        silt_words_clear(&settings->registries[i].aliases);
    free(settings->registries);
    free(settings->hooks);
    free(settings->announcements);
    silt_words_clear(&settings->trusted_proxies);
    silt_words_clear(&settings->signatures);
    silt_words_clear(&settings->only);
    silt_words_clear(&settings->disable);
    wipe(&settings->tokens);
    wipe(&settings->kept);
    *settings = (struct silt_settings){0};
}
