/*
 * docker_save.h: the manifest.json of docker save and podman save (Docker image spec v1.2, "Combined Image
 * JSON + Filesystem Changeset Format"): an array of {Config, RepoTags, Layers}, all names of files in the
 * archive.
 */
#ifndef SILT_IMAGE_DOCKER_SAVE_H
#define SILT_IMAGE_DOCKER_SAVE_H

#include "image/document.h"

/* Reads manifest.json into the catalog. A reference chooses by RepoTags, or by "@N" as
 * containers-transports(5) has it. */
SILT_MUST_USE enum silt_status silt_docker_save_read(struct silt_reader *reader, struct silt_error *error);

#endif
