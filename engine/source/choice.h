/*
 * choice.h: which images of a registry a target means: one, all tags of a repository, or all repositories.
 */
#ifndef SILT_SOURCE_CHOICE_H
#define SILT_SOURCE_CHOICE_H

#include "base/arena.h"
#include "base/array.h"
#include "registry/holdings.h"
#include "registry/image_name.h"

#include <silt/sink.h>

/* An image that is not there for the scan, and why. */
struct silt_choice_lapse {
    const char *name; /* "host/repository:tag" */
    enum silt_skip_reason reason;
    const char *detail;
};

/* Zero-initialise; clear it. */
struct silt_choice {
    struct silt_buffer index;  /* an OCI index of the chosen images, each digest once */
    struct silt_array lapses;  /* struct silt_choice_lapse */
    struct silt_array entries; /* the index's, while it is made */
    struct silt_arena arena;
};

/* Asks the registry for the manifests of all images meant. A single image that cannot be had is a failure;
 * among several it is a lapse. */
SILT_MUST_USE enum silt_status silt_choice_make(struct silt_session *session, struct silt_holdings *holdings,
                                                const struct silt_registry_options *options,
                                                const struct silt_image_name *name, struct silt_choice *out,
                                                struct silt_error *error);

/* Frees it. */
void silt_choice_clear(struct silt_choice *choice);

#endif
