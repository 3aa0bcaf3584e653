/*
 * gitea.c: Gitea and Forgejo, event "package" (gitea: modules/structs/package.go, services/webhook). The
 * version is the tag, or a digest for what was pushed without one. Both sign the body.
 */
#include "payload.h"

#include <stdio.h>
#include <string.h>

/* Which event the headers name; "" if they do not. */
static const char *event_of(const struct silt_request *request)
{
    const char *event = silt_request_header(request, "X-Gitea-Event");
    if (event == NULL)
        event = silt_request_header(request, "X-Forgejo-Event");
    return event != NULL ? event : "";
}

static const char *delivery_of(const struct silt_request *request)
{
    const char *delivery = silt_request_header(request, "X-Gitea-Delivery");
    return delivery != NULL ? delivery : silt_request_header(request, "X-Forgejo-Delivery");
}

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    char repository[600];
    const json_t *package = silt_payload_get(body, "package");
    const char *event = event_of(request);
    if (!json_is_object(body) || (package == NULL && event[0] == '\0'))
        return silt_payload_refuse(error, "there is neither a package nor the header X-Gitea-Event");
    if (strcmp(silt_payload_text(package, "type"), "container") != 0 ||
        strcmp(silt_payload_text(body, "action"), "created") != 0)
        return SILT_OK;
    snprintf(repository, sizeof repository, "%s/%s", silt_payload_text(package, "owner.login"),
             silt_payload_text(package, "name"));
    return silt_payload_put(pushes,
                            &(struct silt_push){
                                .host = silt_payload_host(pushes, silt_payload_text(package, "html_url")),
                                .repository = repository,
                                .tag = silt_payload_text(package, "version"),
                                .delivery = delivery_of(request),
                                .actor = silt_payload_text(body, "sender.login"),
                                .pushed_ms = silt_payload_time(silt_payload_text(package, "created_at")),
                            },
                            error);
}

const struct silt_hook silt_hook_gitea = {
    .name = "gitea",
    .title = "Gitea and Forgejo",
    .signature = "X-Gitea-Signature",
    .read = read_body,
};
