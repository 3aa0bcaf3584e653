/*
 * role.c: media types of layers (OCI image spec, layer.md and media-types.md; Docker image manifest v2 schema
 * 2; ocicrypt for "+encrypted").
 */
#include "image/role.h"

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool is_layer_type(const char *media_type)
{
    struct silt_span type = silt_span_text(media_type);
    bool is_family = silt_span_has_prefix(type, "application/vnd.oci.image.layer.") ||
                     silt_span_has_prefix(type, "application/vnd.docker.image.rootfs.");
    return is_family && has(media_type, ".tar");
}

enum silt_blob_role silt_role_of(const char *media_type, bool is_image, bool has_urls)
{
    const char *type = media_type != NULL ? media_type : "";
    if (has(type, "+encrypted"))
        return SILT_BLOB_ENCRYPTED;
    bool is_layer = is_layer_type(type) || (is_image && type[0] == '\0');
    if (is_layer && (has(type, ".foreign.") || has(type, "nondistributable") || has_urls))
        return SILT_BLOB_FOREIGN;
    return is_layer ? SILT_BLOB_LAYER : SILT_BLOB_FILE;
}

bool silt_role_is_image_config(const char *media_type)
{
    return media_type == NULL || strcmp(media_type, "application/vnd.oci.image.config.v1+json") == 0 ||
           strcmp(media_type, "application/vnd.docker.container.image.v1+json") == 0;
}
