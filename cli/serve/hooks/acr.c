/*
 * acr.c: Azure Container Registry: its own webhook, a single event of Distribution's shape
 * (learn.microsoft.com, "container-registry-webhook-reference"), and Event Grid, an array of events whose
 * data has that shape. Event Grid first wants a code of its own repeated.
 */
#include "event.h"

#include <stdlib.h>
#include <string.h>

static const char validation[] = "Microsoft.EventGrid.SubscriptionValidationEvent";

static enum silt_status reply(struct silt_pushes *pushes, const json_t *event, struct silt_error *error)
{
    json_t *answer =
        json_pack("{s:s}", "validationResponse", silt_payload_text(event, "data.validationCode"));
    char *text = answer != NULL ? json_dumps(answer, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    bool is_kept = text != NULL && silt_stash_copy_text(&pushes->stash, text, &pushes->reply);
    free(text);
    json_decref(answer);
    if (is_kept)
        return SILT_OK;
    silt_payload_refuse(error, "out of memory");
    return SILT_ERR_MEMORY;
}

/* An event of Event Grid. */
static enum silt_status put_event(struct silt_pushes *pushes, const json_t *event, struct silt_error *error)
{
    const char *type = silt_payload_text(event, "eventType");
    if (type[0] == '\0')
        return silt_payload_refuse(error, "an event has no \"eventType\"");
    if (strcmp(type, validation) == 0)
        return reply(pushes, event, error);
    if (strcmp(type, "Microsoft.ContainerRegistry.ImagePushed") != 0)
        return SILT_OK;
    return silt_event_put(pushes, silt_payload_get(event, "data"), error);
}

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    size_t i;
    const json_t *event;
    if (!json_is_array(body))
        return silt_event_put(pushes, body, error);
    json_array_foreach(body, i, event)
    {
        enum silt_status status = put_event(pushes, event, error);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}

const struct silt_hook silt_hook_acr = {
    .name = "acr",
    .title = "Azure Container Registry",
    .read = read_body,
};
