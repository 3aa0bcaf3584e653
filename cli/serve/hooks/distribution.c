/*
 * distribution.c: CNCF Distribution and Docker's registry:2. It repeats an event until it is taken, in order,
 * from a queue in its memory; a refusal blocks all that come after it.
 */
#include "event.h"

static enum silt_status read_body(const struct silt_request *request, const json_t *body,
                                  struct silt_pushes *pushes, struct silt_error *error)
{
    (void)request;
    return silt_event_put_all(pushes, body, error);
}

const struct silt_hook silt_hook_distribution = {
    .name = "distribution",
    .title = "CNCF Distribution",
    .read = read_body,
};
