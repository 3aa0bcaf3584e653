/*
 * health.c: GET /healthz and /readyz: whether the process lives, and whether it can take notifications. They
 * say no more than that, as anyone may ask.
 */
#include "serve/health.h"

#include "serve/intake.h"

void silt_health_alive(const struct silt_context *context, const struct silt_request *request,
                       struct silt_response *response)
{
    (void)context, (void)request;
    silt_response_plain(response, 200, "alive");
}

void silt_health_ready(const struct silt_context *context, const struct silt_request *request,
                       struct silt_response *response)
{
    (void)request;
    if (silt_intake_has_room(context))
        silt_response_plain(response, 200, "ready");
    else
        silt_response_plain(response, 503, "the queue or the disk is full");
}
