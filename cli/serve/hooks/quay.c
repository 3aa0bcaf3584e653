/*
 * quay.c: Quay (docs.redhat.com, "Repository events"). A push names the repository and the tags that moved,
 * as a list or, by older versions, as an object from tag to image; never a digest.
 */
#include "payload.h"

static enum silt_status put_tag(struct silt_pushes *pushes, const json_t *body, const char *tag,
                                struct silt_error *error)
{
    const char *url = silt_payload_text(body, "docker_url");
    return silt_payload_put(pushes,
                            &(struct silt_push){
                                .host = url[0] != '\0' ? silt_payload_host(pushes, url) : "",
                                .repository = silt_payload_text(body, "repository"),
                                .tag = tag,
                            },
                            error);
}

static enum silt_status put_list(struct silt_pushes *pushes, const json_t *body, const json_t *tags,
                                 struct silt_error *error)
{
    size_t i;
    const json_t *tag;
    enum silt_status status = SILT_OK;
    json_array_foreach(tags, i, tag)
    {
        status = put_tag(pushes, body, json_is_string(tag) ? json_string_value(tag) : "", error);
        if (status != SILT_OK)
            break;
    }
    return status;
}

static enum silt_status put_members(struct silt_pushes *pushes, const json_t *body, json_t *tags,
                                    struct silt_error *error)
{
    const char *tag;
    json_t *image;
    enum silt_status status = SILT_OK;
    json_object_foreach(tags, tag, image)
    {
        status = put_tag(pushes, body, tag, error);
        if (status != SILT_OK)
            break;
    }
    return status;
}

/* Other events (builds, scans, quotas) name the repository too, and no tags that moved. */
static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    json_t *tags = json_object_get(body, "updated_tags");
    if (silt_payload_text(body, "repository")[0] == '\0')
        return silt_payload_refuse(error, "there is no \"repository\"");
    return json_is_object(tags) ? put_members(pushes, body, tags, error)
                                : put_list(pushes, body, tags, error);
}

const struct silt_hook silt_hook_quay = {
    .name = "quay",
    .title = "Quay",
    .read = read_body,
};
