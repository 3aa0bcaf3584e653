/*
 * oci_archive.c: transport "oci-archive": an OCI image layout (OCI image spec, image-layout.md) in a tar.
 */
#include "source/sources.h"
#include "source/tar_source.h"

static enum silt_status oci_archive_open(const char *location, const struct silt_source_options *options,
                                         struct silt_source **out, struct silt_error *error)
{
    (void)options;
    return silt_tar_source_open(&silt_oci_archive_source, SILT_LAYOUT_OCI, location, out, error);
}

static bool is_oci_archive(const struct silt_probe *probe)
{
    return probe->has_oci_layout && !probe->is_directory;
}

const struct silt_source_ops silt_oci_archive_source = {
    .transport = "oci-archive",
    .kind = SILT_TARGET_IMAGE,
    .open = oci_archive_open,
    .find = silt_tar_source_find,
    .next = silt_tar_source_next,
    .free = silt_tar_source_free,
    .is_target = is_oci_archive,
    .has_reference = true,
};
