/*
 * harbor.c: Harbor, in both of its payload formats: its own ("type": "PUSH_ARTIFACT") and, since 2.8,
 * CloudEvents ("type": "harbor.artifact.pushed"). What is typed into its field "Auth Header" is the whole
 * Authorization header. goharbor.io, "Configure Webhook Notifications".
 */
#include "payload.h"

#include <string.h>

static enum silt_status put_resource(struct silt_pushes *pushes, const json_t *resource,
                                     const struct silt_push *event, struct silt_error *error)
{
    struct silt_push push = *event;
    push.host = silt_payload_host(pushes, silt_payload_text(resource, "resource_url"));
    push.digest = silt_payload_text(resource, "digest");
    push.tag = silt_payload_text(resource, "tag"); /* the digest again where there is no tag */
    return silt_payload_put(pushes, &push, error);
}

static enum silt_status put_resources(struct silt_pushes *pushes, const json_t *data,
                                      const struct silt_push *event, struct silt_error *error)
{
    const json_t *resources = silt_payload_get(data, "resources"), *resource;
    size_t i;
    if (!json_is_array(resources))
        return silt_payload_refuse(error, "the event has no list \"resources\"");
    json_array_foreach(resources, i, resource)
    {
        enum silt_status status = put_resource(pushes, resource, event, error);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    const char *type = silt_payload_text(body, "type");
    bool is_classic = strcmp(type, "PUSH_ARTIFACT") == 0;
    if (type[0] == '\0')
        return silt_payload_refuse(error, "there is no \"type\"");
    if (!is_classic && strcmp(type, "harbor.artifact.pushed") != 0)
        return SILT_OK;
    const json_t *data = silt_payload_get(body, is_classic ? "event_data" : "data");
    const json_t *seconds = silt_payload_get(body, "occur_at");
    struct silt_push event = {
        .repository = silt_payload_text(data, "repository.repo_full_name"),
        .delivery = is_classic ? "" : silt_payload_text(body, "id"),
        .actor = silt_payload_text(body, "operator"),
        .pushed_ms =
            is_classic ? silt_payload_seconds(seconds) : silt_payload_time(silt_payload_text(body, "time")),
    };
    return put_resources(pushes, data, &event, error);
}

const struct silt_hook silt_hook_harbor = {
    .name = "harbor",
    .title = "Harbor",
    .read = read_body,
};
