/*
 * event.c: events of Distribution. It reports blobs, pulls, mounts and deletions too, whatever it was
 * configured to leave out (2.8.2 ignores a part of its configuration), so these are filtered here.
 */
#include "event.h"

#include <string.h>

/* Manifests and indexes, Docker's and OCI's; blobs are application/octet-stream. */
static bool is_manifest(const char *type)
{
    return strstr(type, ".manifest.") != NULL || strstr(type, ".index.") != NULL;
}

enum silt_status silt_event_put(struct silt_pushes *pushes, const json_t *event, struct silt_error *error)
{
    const char *action = silt_payload_text(event, "action");
    if (action[0] == '\0')
        return silt_payload_refuse(error, "an event has no action");
    if (strcmp(action, "push") != 0 || !is_manifest(silt_payload_text(event, "target.mediaType")))
        return SILT_OK;
    return silt_payload_put(pushes,
                            &(struct silt_push){
                                .host = silt_payload_text(event, "request.host"),
                                .repository = silt_payload_text(event, "target.repository"),
                                .digest = silt_payload_text(event, "target.digest"),
                                .tag = silt_payload_text(event, "target.tag"),
                                .delivery = silt_payload_text(event, "id"),
                                .actor = silt_payload_text(event, "actor.name"),
                                .pushed_ms = silt_payload_time(silt_payload_text(event, "timestamp")),
                            },
                            error);
}

enum silt_status silt_event_put_all(struct silt_pushes *pushes, const json_t *body, struct silt_error *error)
{
    const json_t *events = silt_payload_get(body, "events"), *event;
    size_t i;
    if (!json_is_array(events))
        return silt_payload_refuse(error, "there is no list \"events\"");
    json_array_foreach(events, i, event)
    {
        enum silt_status status = silt_event_put(pushes, event, error);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}
