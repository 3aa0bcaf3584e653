/*
 * harbor_scan.c: Harbor asks for a scan. The login that it sends along is not used: only configured
 * registries are contacted, with the configured logins.
 */
#include "output/document.h"
#include "serve/harbor/harbor.h"
#include "serve/hooks/payload.h"
#include "serve/intake.h"
#include "serve/settings.h"
#include "serve/shape.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Whether vulnerabilities are asked for: a request that names no capability means all. */
static bool wants_report(const json_t *body)
{
    const json_t *enabled = silt_payload_get(body, "enabled_capabilities"), *capability;
    size_t i;
    json_array_foreach(enabled, i, capability)
    {
        if (strcmp(silt_payload_text(capability, "type"), "vulnerability") == 0)
            return true;
    }
    return json_array_size(enabled) == 0;
}

/* The HOST[:PORT] of an address. False if it is none. */
static bool read_host(const char *url, char out[300])
{
    const char *begin = strstr(url, "://");
    begin = begin != NULL ? begin + strlen("://") : url;
    size_t size = strcspn(begin, "/?#");
    snprintf(out, 300, "%.*s", (int)(size < 299 ? size : 299), begin);
    return silt_shape_is_host(out);
}

static void answer(const struct silt_intake_want *want, const struct silt_settings_registry *registry,
                   struct silt_response *response)
{
    char id[SILT_HARBOR_ID_SIZE];
    json_t *object = json_object();
    silt_harbor_id_print(want->digest, registry->host, want->repository, id);
    silt_document_put(&object, "id", silt_document_string(id));
    silt_response_json(response, 202, object);
    response->type = "application/vnd.scanner.adapter.scan.response+json; version=1.0";
}

static void take(const struct silt_context *context, const struct silt_intake_want *want,
                 struct silt_response *response)
{
    struct silt_intake_receipt receipt = {0};
    silt_intake_take(context, want, &receipt);
    switch (receipt.answer) {
    case SILT_INTAKE_QUEUED:
    case SILT_INTAKE_JOINED:
    case SILT_INTAKE_KNOWN:
        return answer(want, silt_settings_find_registry(context->settings, want->host), response);
    case SILT_INTAKE_FOREIGN:
    case SILT_INTAKE_BAD:
    case SILT_INTAKE_ABSENT:
        return silt_harbor_refuse(response, 422, receipt.why);
    case SILT_INTAKE_BUSY:
    case SILT_INTAKE_FAILED:
        return silt_harbor_refuse(response, 500, receipt.why);
    }
}

static void read_body(const struct silt_context *context, const json_t *body, struct silt_response *response)
{
    char host[300];
    const char *digest = silt_payload_text(body, "artifact.digest");
    const char *repository = silt_payload_text(body, "artifact.repository");
    const char *tag = silt_payload_text(body, "artifact.tag");
    if (!wants_report(body))
        return silt_harbor_refuse(response, 501, "silt reports secrets as vulnerabilities, and nothing else");
    if (!read_host(silt_payload_text(body, "registry.url"), host))
        return silt_harbor_refuse(response, 422, "registry.url is missing or none");
    if (!silt_shape_is_repository(repository))
        return silt_harbor_refuse(response, 422, "artifact.repository is missing or none");
    if (!silt_shape_is_digest(digest))
        return silt_harbor_refuse(response, 422, "artifact.digest is missing or none");
    const struct silt_intake_want want = {
        .host = host,
        .repository = repository,
        .digest = digest,
        .tag = silt_shape_is_tag(tag) ? tag : "",
        .origin = "harbor scan",
        .delivery = "",
    };
    take(context, &want, response);
}

void silt_harbor_scan(const struct silt_context *context, const struct silt_request *request,
                      struct silt_response *response)
{
    struct silt_error error = {0};
    json_t *body = NULL;
    enum silt_status status = silt_payload_parse(request->body, &body, &error);
    if (status == SILT_OK)
        read_body(context, body, response);
    else
        silt_harbor_refuse(response, 400, error.message);
    json_decref(body);
}
