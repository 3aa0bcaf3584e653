/*
 * generic.c: for senders of one's own, such as a CI job: {"image": "registry.example.com/team/app:1.0"}, with
 * a digest if known, and "actor" and "id" if wanted; "images" for several. Signed like GitHub's, or with the
 * secret in a header.
 */
#include "payload.h"

static enum silt_status put_image(struct silt_pushes *pushes, const json_t *body, const json_t *image,
                                  struct silt_error *error)
{
    const struct silt_push push = {.delivery = silt_payload_text(body, "id"),
                                   .actor = silt_payload_text(body, "actor")};
    if (!json_is_string(image))
        return silt_payload_refuse(error,
                                   "there must be \"image\", a string, or \"images\", a list of strings");
    return silt_payload_put_reference(pushes, json_string_value(image), &push, error);
}

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    const json_t *images = silt_payload_get(body, "images"), *image;
    size_t i;
    if (!json_is_array(images))
        return put_image(pushes, body, silt_payload_get(body, "image"), error);
    json_array_foreach(images, i, image)
    {
        enum silt_status status = put_image(pushes, body, image, error);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}

const struct silt_hook silt_hook_generic = {
    .name = "generic",
    .title = "any sender of {\"image\": …}",
    .signature = "X-Hub-Signature-256",
    .read = read_body,
};
