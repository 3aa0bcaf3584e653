/*
 * github.c: GitHub packages (docs.github.com, "Webhook events and payloads", package and registry_package):
 * apps are sent registry_package, repositories and organisations package, with the same members. GitHub signs
 * the body, and never tries again.
 */
#include "payload.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { REFERENCE_SIZE = 512 };

static bool is_container(const json_t *package)
{
    const char *type = silt_payload_text(package, "package_type");
    return strcasecmp(type, "container") == 0 || strcasecmp(type, "docker") == 0;
}

static bool is_push(const char *action)
{
    return strcmp(action, "published") == 0 || strcmp(action, "updated") == 0;
}

/* HOST/OWNER/NAME, without the tag, which may be an empty one. */
static void print_reference(const json_t *package, char out[REFERENCE_SIZE])
{
    const char *url = silt_payload_text(package, "package_version.package_url");
    const char *slash = strrchr(url, '/');
    size_t size = slash != NULL ? (size_t)(slash - url) + strcspn(slash, ":@") : 0;
    if (size > 0)
        snprintf(out, REFERENCE_SIZE, "%.*s", (int)size, url);
    else
        snprintf(out, REFERENCE_SIZE, "ghcr.io/%s/%s", silt_payload_text(package, "namespace"),
                 silt_payload_text(package, "name"));
}

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    const json_t *package = silt_payload_get(body, "registry_package");
    if (package == NULL)
        package = silt_payload_get(body, "package");
    if (!json_is_object(body))
        return silt_payload_refuse(error, "the body is no object");
    if (package == NULL && silt_request_header(request, "X-GitHub-Event") == NULL)
        return silt_payload_refuse(error, "there is neither a package nor the header X-GitHub-Event");
    if (!is_container(package) || !is_push(silt_payload_text(body, "action")))
        return SILT_OK;
    char reference[REFERENCE_SIZE];
    print_reference(package, reference);
    const char *version = silt_payload_text(package, "package_version.version");
    bool is_digest = strncmp(version, "sha256:", strlen("sha256:")) == 0;
    const char *digest = silt_payload_text(package, "package_version.container_metadata.tag.digest");
    return silt_payload_put_reference(
        pushes, reference,
        &(struct silt_push){
            .digest = is_digest ? version : digest,
            .tag = silt_payload_text(package, "package_version.container_metadata.tag.name"),
            .delivery = silt_request_header(request, "X-GitHub-Delivery"),
            .actor = silt_payload_text(body, "sender.login"),
            .pushed_ms = silt_payload_time(silt_payload_text(package, "updated_at")),
        },
        error);
}

const struct silt_hook silt_hook_github = {
    .name = "github",
    .title = "GitHub packages",
    .signature = "X-Hub-Signature-256",
    .read = read_body,
};
