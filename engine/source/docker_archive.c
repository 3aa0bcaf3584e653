/*
 * docker_archive.c: transport "docker-archive": what docker save and podman save write. Since engine 25 such
 * an archive is an OCI layout as well.
 */
#include "source/sources.h"
#include "source/tar_source.h"

static enum silt_status docker_archive_open(const char *location, const struct silt_source_options *options,
                                            struct silt_source **out, struct silt_error *error)
{
    (void)options;
    return silt_tar_source_open(&silt_docker_archive_source, SILT_LAYOUT_DOCKER, location, out, error);
}

static bool is_docker_archive(const struct silt_probe *probe)
{
    return probe->has_docker_manifest;
}

const struct silt_source_ops silt_docker_archive_source = {
    .transport = "docker-archive",
    .kind = SILT_TARGET_IMAGE,
    .open = docker_archive_open,
    .find = silt_tar_source_find,
    .next = silt_tar_source_next,
    .free = silt_tar_source_free,
    .is_target = is_docker_archive,
    .has_reference = true,
};
