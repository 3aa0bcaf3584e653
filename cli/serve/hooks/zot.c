/*
 * zot.c: zot's events extension (zotregistry.dev, "Events"): CloudEvents in binary mode, whose attributes are
 * headers and whose body is the data; the structured mode (CloudEvents 1.0, HTTP binding, section 3.2) is
 * read as well. zot does not name itself: the configuration says which registry the hook is of.
 */
#include "payload.h"

#include <string.h>

/* An attribute of the event, from its header or its member. */
static const char *attribute(const struct silt_request *request, const json_t *body, const char *header)
{
    const char *value = silt_request_header(request, header);
    return value != NULL ? value : silt_payload_text(body, header + strlen("ce-"));
}

/* "zotregistry.image.updated"; what stands before can be configured. */
static bool is_update(const char *type)
{
    static const char end[] = "image.updated";
    size_t size = strlen(type);
    return size >= strlen(end) && strcmp(type + size - strlen(end), end) == 0;
}

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    const char *type = attribute(request, body, "ce-type");
    bool is_structured = silt_request_header(request, "ce-type") == NULL;
    const json_t *data = is_structured ? silt_payload_get(body, "data") : body;
    if (type[0] == '\0')
        return silt_payload_refuse(error, "there is no header Ce-Type");
    if (!is_update(type))
        return SILT_OK;
    return silt_payload_put(pushes,
                            &(struct silt_push){
                                .repository = silt_payload_text(data, "name"),
                                .digest = silt_payload_text(data, "digest"),
                                .tag = silt_payload_text(data, "reference"),
                                .delivery = attribute(request, body, "ce-id"),
                                .pushed_ms = silt_payload_time(attribute(request, body, "ce-time")),
                            },
                            error);
}

const struct silt_hook silt_hook_zot = {
    .name = "zot",
    .title = "zot",
    .read = read_body,
};
