/*
 * ecr.c: AWS ECR through EventBridge and an API destination (docs.aws.amazon.com, "Amazon ECR events and
 * EventBridge"). The registry's host follows from account and region.
 */
#include "payload.h"

#include <stdio.h>
#include <string.h>

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    char host[200];
    const char *type = silt_payload_text(body, "detail-type"), *region = silt_payload_text(body, "region");
    const json_t *detail = silt_payload_get(body, "detail");
    if (type[0] == '\0')
        return silt_payload_refuse(error, "there is no \"detail-type\"");
    if (strcmp(type, "ECR Image Action") != 0 ||
        strcmp(silt_payload_text(detail, "action-type"), "PUSH") != 0 ||
        strcmp(silt_payload_text(detail, "result"), "SUCCESS") != 0)
        return SILT_OK;
    snprintf(host, sizeof host, "%s.dkr.ecr.%s.amazonaws.com%s", silt_payload_text(body, "account"), region,
             strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
    return silt_payload_put(pushes,
                            &(struct silt_push){
                                .host = host,
                                .repository = silt_payload_text(detail, "repository-name"),
                                .digest = silt_payload_text(detail, "image-digest"),
                                .tag = silt_payload_text(detail, "image-tag"),
                                .delivery = silt_payload_text(body, "id"),
                                .pushed_ms = silt_payload_time(silt_payload_text(body, "time")),
                            },
                            error);
}

const struct silt_hook silt_hook_ecr = {
    .name = "ecr",
    .title = "AWS ECR (EventBridge)",
    .read = read_body,
};
