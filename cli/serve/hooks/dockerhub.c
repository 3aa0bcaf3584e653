/*
 * dockerhub.c: Docker Hub (docs.docker.com/docker-hub/repos/manage/webhooks). It signs nothing, sends no
 * header and no digest: the secret stands in the path, and who queues the push asks what the tag is now. Its
 * callback_url is never called.
 */
#include "payload.h"

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    return silt_payload_put(
        pushes,
        &(struct silt_push){
            .host = "docker.io",
            .repository = silt_payload_text(body, "repository.repo_name"),
            .tag = silt_payload_text(body, "push_data.tag"),
            .actor = silt_payload_text(body, "push_data.pusher"),
            .pushed_ms = silt_payload_seconds(silt_payload_get(body, "push_data.pushed_at")),
        },
        error);
}

const struct silt_hook silt_hook_dockerhub = {
    .name = "dockerhub",
    .title = "Docker Hub",
    .read = read_body,
};
