/*
 * options.c: what holds where the user says nothing (silt/registry.h).
 */
#include <silt/registry.h>

void silt_registry_options_init(struct silt_registry_options *options)
{
    *options = (struct silt_registry_options){.connect_ms = 15 * 1000, .stall_ms = 30 * 1000};
}
