/*
 * probe.h: one look at a plain target, so that each transport can say whether it is its own.
 */
#ifndef SILT_SOURCE_PROBE_H
#define SILT_SOURCE_PROBE_H

#include <silt/status.h>
#include <stdbool.h>

struct silt_probe {
    const char *text; /* as the user wrote it */
    bool is_there;    /* there is something at that path */
    bool is_directory;
    bool has_oci_layout;      /* a directory or an uncompressed tar with the documents of an OCI layout */
    bool has_docker_manifest; /* an uncompressed tar with a manifest.json as docker save writes it */
};

/* Looks at `text` as a path. A path that is not there is OK with is_there false; one that cannot be looked at
 * is IO. Pipes and devices are not read. */
SILT_MUST_USE enum silt_status silt_probe_take(const char *text, struct silt_probe *out,
                                               struct silt_error *error);

#endif
