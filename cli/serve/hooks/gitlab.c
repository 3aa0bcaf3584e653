/*
 * gitlab.c: GitLab's container registry, which is derived from Distribution and sends its events
 * (docs.gitlab.com, "Configure container registry notifications"). GitLab's own webhooks know no push of an
 * image.
 */
#include "event.h"

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    return silt_event_put_all(pushes, body, error);
}

const struct silt_hook silt_hook_gitlab = {
    .name = "gitlab",
    .title = "GitLab container registry",
    .token = "X-Gitlab-Token",
    .read = read_body,
};
