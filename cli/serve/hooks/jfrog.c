/*
 * jfrog.c: JFrog Artifactory (jfrog.com/help, "Domain: docker"). The header holds the secret itself, or, with
 * "use secret for payload signing", the body's HMAC. The host is the platform's; a repository is addressed
 * through its key as first part of the name (the "repository path method").
 */
#include "payload.h"

#include <stdio.h>
#include <string.h>

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    char repository[600], digest[80];
    const char *type = silt_payload_text(body, "event_type"), *hash = silt_payload_text(body, "data.sha256");
    const char *key = silt_payload_text(body, "data.repo_key");
    if (type[0] == '\0')
        return silt_payload_refuse(error, "there is no \"event_type\"");
    if (strcmp(silt_payload_text(body, "domain"), "docker") != 0 || strcmp(type, "pushed") != 0)
        return SILT_OK;
    snprintf(repository, sizeof repository, "%s/%s", key, silt_payload_text(body, "data.image_name"));
    snprintf(digest, sizeof digest, "%s%s", hash[0] != '\0' ? "sha256:" : "", hash);
    return silt_payload_put(pushes,
                            &(struct silt_push){
                                .host = silt_payload_host(pushes, silt_payload_text(body, "jpd_origin")),
                                .repository = repository,
                                .digest = digest,
                                .tag = silt_payload_text(body, "data.tag"),
                                .actor = silt_payload_text(body, "source"),
                            },
                            error);
}

const struct silt_hook silt_hook_jfrog = {
    .name = "jfrog",
    .title = "JFrog Artifactory",
    .signature = "X-JFrog-Event-Auth",
    .token = "X-JFrog-Event-Auth",
    .read = read_body,
};
