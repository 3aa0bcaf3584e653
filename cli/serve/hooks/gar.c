/*
 * gar.c: Google Artifact Registry through a push subscription of Pub/Sub (cloud.google.com, "Configure
 * Pub/Sub notifications"): the message's data is JSON in base64, in which images are whole references. Google
 * signs with a token of its own, which is not read: the secret stands in the path.
 */
#include "payload.h"

#include <stdlib.h>
#include <string.h>

static enum silt_status put_action(struct silt_pushes *pushes, const json_t *action, const json_t *message,
                                   struct silt_error *error)
{
    const char *what = silt_payload_text(action, "action");
    const char *digest = silt_payload_text(action, "digest"), *tag = silt_payload_text(action, "tag");
    const char *slash = strrchr(tag, '/'), *colon = slash != NULL ? strchr(slash, ':') : NULL;
    if (what[0] == '\0')
        return silt_payload_refuse(error, "the message has no \"action\"");
    if (strcmp(what, "INSERT") != 0)
        return SILT_OK;
    return silt_payload_put_reference(
        pushes, digest[0] != '\0' ? digest : tag,
        &(struct silt_push){
            .tag = colon != NULL ? colon + 1 : "",
            .delivery = silt_payload_text(message, "messageId"),
            .pushed_ms = silt_payload_time(silt_payload_text(message, "publishTime")),
        },
        error);
}

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    const json_t *message = silt_payload_get(body, "message");
    const char *data = silt_payload_text(message, "data");
    if (data[0] == '\0')
        return silt_payload_refuse(error, "there is no \"message\" with \"data\"");
    json_t *action = NULL;
    size_t size = strlen(data);
    char *text = malloc(size);
    if (text == NULL)
        return silt_payload_refuse(error, "out of memory"), SILT_ERR_MEMORY;
    size = silt_payload_decode(data, text, size);
    enum silt_status status =
        silt_payload_parse((struct silt_span){(const uint8_t *)text, size}, &action, error);
    if (status == SILT_OK)
        status = put_action(pushes, action, message, error);
    json_decref(action);
    free(text);
    return status;
}

const struct silt_hook silt_hook_gar = {
    .name = "gar",
    .title = "Google Artifact Registry (Pub/Sub)",
    .read = read_body,
};
