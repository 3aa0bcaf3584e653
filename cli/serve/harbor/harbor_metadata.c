/*
 * harbor_metadata.c: what silt can do, in Harbor's terms.
 */
#include "output/document.h"
#include "serve/harbor/harbor.h"

#include <silt/version.h>

const char silt_harbor_report_new[] = "application/vnd.security.vulnerability.report; version=1.1";
const char silt_harbor_report_old[] = "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0";

void silt_harbor_refuse(struct silt_response *response, unsigned status, const char *message)
{
    json_t *error = json_object(), *object = json_object();
    silt_document_put(&error, "message", silt_document_string(message));
    silt_document_put(&object, "error", error);
    silt_response_json(response, status, object);
    response->type = "application/vnd.scanner.adapter.error+json; version=1.0";
}

json_t *silt_harbor_scanner(void)
{
    return json_pack("{s:s, s:s, s:s}", "name", "silt", "vendor", "silt", "version", silt_version());
}

static json_t *make_capability(void)
{
    return json_pack("{s:s, s:[s, s], s:[s, s]}", "type", "vulnerability", "consumes_mime_types",
                     "application/vnd.oci.image.manifest.v1+json",
                     "application/vnd.docker.distribution.manifest.v2+json", "produces_mime_types",
                     silt_harbor_report_new, silt_harbor_report_old);
}

void silt_harbor_metadata(const struct silt_context *context, const struct silt_request *request,
                          struct silt_response *response)
{
    (void)request;
    json_t *object = json_object(), *capabilities = json_array(), *properties = json_object();
    silt_document_append(&capabilities, make_capability());
    silt_document_put(&properties, "harbor.scanner-adapter/scanner-type", json_string("secrets"));
    silt_document_put(&properties, "harbor.scanner-adapter/registry-authorization-type",
                      json_string("Basic"));
    silt_document_put(&properties, "silt/signatures",
                      json_string(silt_signatures_digest(context->signatures)));
    silt_document_put(&object, "scanner", silt_harbor_scanner());
    silt_document_put(&object, "capabilities", capabilities);
    silt_document_put(&object, "properties", properties);
    silt_response_json(response, 200, object);
    response->type = "application/vnd.scanner.adapter.metadata+json; version=1.1";
}
