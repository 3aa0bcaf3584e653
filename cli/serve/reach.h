/*
 * reach.h: how the configured registries are reached: one set of options for each, with its login. Immutable
 * once it is made, but for a lock around credential helpers; shared by all threads.
 */
#ifndef SILT_CLI_SERVE_REACH_H
#define SILT_CLI_SERVE_REACH_H

#include "serve/settings.h"

#include <silt/registry.h>

struct silt_reach;

/* Settings must outlive it. Where they have no login for a registry, docker's and podman's files are asked.
 */
SILT_MUST_USE enum silt_status silt_reach_new(const struct silt_settings *settings, struct silt_reach **out,
                                              struct silt_error *error);
void silt_reach_free(struct silt_reach *reach);

/* The options for one of the settings' registries. */
const struct silt_registry_options *silt_reach_options(const struct silt_reach *reach,
                                                       const struct silt_settings_registry *registry);

#endif
