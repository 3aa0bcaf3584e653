/*
 * harbor.h: silt as a scanner of Harbor (goharbor/pluggable-scanner-spec, API 1.2), below /harbor: its
 * address in Harbor is https://SILT/harbor, with an API token as bearer token, password or API key.
 *
 * Harbor's report knows vulnerabilities only. So each finding becomes one: id is the signature, package the
 * path, version the layer.
 */
#ifndef SILT_CLI_SERVE_HARBOR_HARBOR_H
#define SILT_CLI_SERVE_HARBOR_HARBOR_H

#include "serve/route.h"

#include <jansson.h>

/* GET /harbor/api/v1/metadata, POST /harbor/api/v1/scan, GET /harbor/api/v1/scan/:id/report */
silt_route_answer silt_harbor_metadata, silt_harbor_scan, silt_harbor_report;

/* Answers {"error": {"message"}} as the specification has it. */
void silt_harbor_refuse(struct silt_response *response, unsigned status, const char *message);

/* {"name", "vendor", "version"} of this scanner. */
json_t *silt_harbor_scanner(void);

/* Media types of reports: that of API 1.1, and the older one. */
extern const char silt_harbor_report_new[], silt_harbor_report_old[];

enum { SILT_HARBOR_ID_SIZE = 700 };

/* What a scan is of. */
struct silt_harbor_subject {
    char digest[80], registry[300], repository[300];
};

/* A scan's id says what it is of, "DIGEST~REGISTRY~PART~PART", so that nothing has to be kept of it. */
void silt_harbor_id_print(const char *digest, const char *registry, const char *repository,
                          char out[SILT_HARBOR_ID_SIZE]);

/* Reads an id; false for what is none. */
bool silt_harbor_id_read(const char *id, struct silt_harbor_subject *out);

#endif
